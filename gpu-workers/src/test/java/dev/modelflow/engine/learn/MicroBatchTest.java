package dev.modelflow.engine.learn;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class MicroBatchTest {
  @Test
  void allLanesHaveAsMuchToDo() {
    assertThat(MicroBatch.size(8, 16, 2)).isEqualTo(8);
    assertThat(MicroBatch.size(8, 8, 2)).isEqualTo(4);
    assertThat(MicroBatch.size(4, 12, 2)).isEqualTo(3);
    assertThat(MicroBatch.size(3, 17, 1)).isEqualTo(3);
    assertThat(MicroBatch.size(4, 3, 8)).isEqualTo(1);
    assertThat(MicroBatch.size(100, 0, 2)).isEqualTo(1);
  }

  @Test
  void piecesThatDoNotFitMakeSmallerMicroBatches() {
    assertThat(MicroBatch.size(8, 16, 1, size -> size <= 8)).isEqualTo(8);
    assertThat(MicroBatch.size(8, 16, 1, size -> size <= 3)).isEqualTo(3);
    assertThat(MicroBatch.size(8, 16, 2, size -> size <= 7)).isEqualTo(4);
    assertThat(MicroBatch.size(8, 16, 1, size -> false)).isEqualTo(1);
  }

  @Property
  void noLaneHasMoreTurnsThanTheMostAllows(
      @ForAll @IntRange(min = 1) int most,
      @ForAll @IntRange(min = 1) int count,
      @ForAll @IntRange(min = 1, max = 1024) int lanes) {
    int size = MicroBatch.size(most, count, lanes);

    assertThat(size).isBetween(1, most);
    assertThat((long) size * lanes * Math.ceilDiv((long) count, (long) most * lanes))
        .isGreaterThanOrEqualTo(count);
  }
}
