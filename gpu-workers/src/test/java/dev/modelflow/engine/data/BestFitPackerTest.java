package dev.modelflow.engine.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class BestFitPackerTest {
  @Test
  void itemsGoWhereTheyFitBest() {
    BestFitPacker packer = new BestFitPacker(8);
    assertThat(IntStream.of(8, 6, 6, 4, 3, 2, 3).map(packer::place))
        .containsExactly(0, 1, 2, 3, 3, 1, 4);
  }

  @Test
  void anItemLongerThanARowIsRefused() {
    assertThatThrownBy(() -> new BestFitPacker(8).place(9))
        .hasMessage("A row of 8 tokens cannot hold an item of 9");
  }

  @Property(tries = 200)
  void rowsHoldEveryItemOnceAndNeverTooMany(
      @ForAll @Size(max = 60) List<@IntRange(min = 1, max = 16) Integer> lengths) {
    List<Integer> items = IntStream.range(0, lengths.size()).boxed().toList();
    List<List<Integer>> rows = BestFitPacker.pack(items, 16, lengths::get);

    assertThat(rows.stream().flatMap(List::stream)).containsExactlyInAnyOrderElementsOf(items);
    assertThat(rows).allMatch(row -> row.stream().mapToInt(lengths::get).sum() <= 16);
  }
}
