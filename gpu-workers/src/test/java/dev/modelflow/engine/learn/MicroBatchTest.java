package dev.modelflow.engine.learn;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class MicroBatchTest {
  @Test
  void allLanesHaveAsMuchToDo() {
    assertThat(MicroBatch.size(1024, 2048, 2)).isEqualTo(1024);
    assertThat(MicroBatch.size(1024, 1024, 2)).isEqualTo(512);
    assertThat(MicroBatch.size(1024, 3072, 2)).isEqualTo(768);
    assertThat(MicroBatch.size(4, 3, 8)).isEqualTo(1);
    assertThat(MicroBatch.size(100, 0, 2)).isEqualTo(1);
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
