package dev.modelflow.engine.ranks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelflow.engine.model.ModelConfig;
import dev.modelflow.engine.model.ParameterLayout;
import dev.modelflow.engine.model.ParameterLayout.Entry;
import dev.modelflow.engine.model.Parameters;
import dev.modelflow.engine.optim.AdamW;
import dev.modelflow.engine.tensor.Range;
import dev.modelflow.engine.tensor.Tensors;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RanksTest {
  private static final int VALUES = 1009;
  private static final ModelConfig MODEL = new ModelConfig(2, 8, 2, 12, 20, 12, 3, 10_000, null);
  private static final AdamW.Settings ADAM = new AdamW.Settings(0.9, 0.95, 1e-8, 0);

  private static float[] values(int rank) {
    Random random = new Random(rank);
    float[] values = new float[VALUES];
    for (int i = 0; i < VALUES; i++) {
      values[i] = random.nextFloat() * (float) Math.pow(10, random.nextInt(8));
    }
    return values;
  }

  /** Adds in the order of ranks, in float as they do: other orders give other bits. */
  private static float[] sum(int ranks) {
    float[] sum = values(0);
    for (int rank = 1; rank < ranks; rank++) {
      float[] next = values(rank);
      for (int i = 0; i < VALUES; i++) {
        sum[i] += next[i];
      }
    }
    return sum;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4})
  void sumsAreAddedInTheOrderOfRanksToTheLastBit(int size) throws Exception {
    List<float[]> shared =
        RankThreads.run(
            size,
            ranks -> {
              try (PointerScope _ = new PointerScope()) {
                Tensor flat = Tensors.floats(values(ranks.rank()), VALUES);
                ranks.reduce(flat);
                ranks.share(flat);
                return Tensors.toFloats(flat);
              }
            });
    assertThat(shared).allSatisfy(sums -> assertThat(sums).isEqualTo(sum(size)));
  }

  @Test
  void whatEachSaysReachesAllInTheOrderOfRanks() throws Exception {
    List<Boolean> agreed =
        RankThreads.run(
            3,
            ranks -> {
              int rank = ranks.rank();
              assertThat(ranks.gather(rank, 10 * rank)).containsExactly(0, 0, 1, 10, 2, 20);
              assertThat(ranks.sum(rank, 1)).containsExactly(3, 3);
              byte[] said = new byte[2 * rank];
              Arrays.fill(said, (byte) (rank - 3));
              assertThat(ranks.gather(said))
                  .containsExactly(new byte[0], new byte[] {-2, -2}, new byte[] {-1, -1, -1, -1});
              assertThat(ranks.any(false)).isFalse();
              return ranks.any(rank == 2);
            });
    assertThat(agreed).containsExactly(true, true, true);
  }

  @Test
  void theLeadingRankCollectsWhatAllHoldInParts() throws Exception {
    ParameterLayout layout = new ParameterLayout(MODEL);
    List<Long> held =
        RankThreads.run(
            3,
            ranks -> {
              try (Parameters parts = new Parameters(layout, ranks.owned(layout.size()))) {
                for (Entry entry : layout.entries()) {
                  parts.write(entry, Range.of(entry.size()), numbered(entry));
                }
                collect(ranks, parts);
                return parts.flat().numel();
              }
            });
    assertParts(held, layout.size());
  }

  @Test
  void eachRankOfAnOptimizerHasTheMomentsOfItsPartAlone() throws Exception {
    ParameterLayout layout = new ParameterLayout(MODEL);
    List<Long> held =
        RankThreads.run(
            3,
            ranks -> {
              try (Parameters weights = new Parameters(layout);
                  AdamW optimizer = new AdamW(ADAM, weights, ranks)) {
                long first = optimizer.first().flat().numel();
                assertThat(optimizer.second().flat().numel()).isEqualTo(first);
                return first;
              }
            });
    assertParts(held, layout.size());
  }

  private static void assertParts(List<Long> held, long all) {
    assertThat(held).allMatch(values -> values <= all / held.size() + 1);
    assertThat(held.stream().mapToLong(Long::longValue).sum()).isEqualTo(all);
  }

  private static void collect(Ranks ranks, Parameters parts) {
    if (!ranks.leads()) {
      ranks.collect(parts, null);
      return;
    }
    try (Parameters whole = new Parameters(parts.layout())) {
      ranks.collect(parts, whole);
      for (Entry entry : parts.layout().entries()) {
        assertThat(whole.read(entry)).isEqualTo(numbered(entry));
      }
    }
  }

  private static float[] numbered(Entry entry) {
    float[] values = new float[(int) entry.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = entry.offset() + i;
    }
    return values;
  }

  @Test
  void aRankThatGoesIsMissedByTheOthers() {
    assertThatThrownBy(
            () ->
                RankThreads.run(
                    2,
                    ranks -> {
                      ranks.await();
                      return ranks.leads() ? ranks.sum(1) : new double[0];
                    }))
        .isInstanceOf(RankLostException.class)
        .hasMessageStartingWith("Rank 0 of 2 lost the others: ");
  }

  @Test
  void aRankBeyondTheGroupIsRefused() {
    assertThatThrownBy(() -> new Rendezvous(2, 2, Path.of("store")))
        .hasMessage("Rank 2 of 2 does not exist: ranks count from 0");
  }

  @Property
  void partsFollowEachOtherCoverTheWholeAndAreEven(
      @ForAll @LongRange(min = 0, max = 1L << 40) long size,
      @ForAll @IntRange(min = 1, max = 64) int parts) {
    Range whole = Range.of(size);
    long at = 0;
    for (int i = 0; i < parts; i++) {
      Range part = whole.part(i, parts);
      assertThat(part.from()).isEqualTo(at);
      assertThat(part.size()).isBetween(size / parts, size / parts + 1);
      assertThat(whole.common(part)).isEqualTo(part);
      at = part.to();
    }
    assertThat(at).isEqualTo(size);
  }
}
