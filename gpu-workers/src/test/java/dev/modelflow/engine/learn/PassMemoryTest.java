package dev.modelflow.engine.learn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelflow.engine.data.PackedRows;
import dev.modelflow.engine.data.Sequence;
import dev.modelflow.engine.dense.WorkingWeights;
import dev.modelflow.engine.model.Decoder;
import dev.modelflow.engine.model.Experts;
import dev.modelflow.engine.model.Initialization;
import dev.modelflow.engine.model.ModelConfig;
import dev.modelflow.engine.model.ParameterLayout;
import dev.modelflow.engine.model.Parameters;
import dev.modelflow.engine.tensor.LibTorch;
import dev.modelflow.engine.tensor.NativeMemory;
import dev.modelflow.engine.tensor.Precision;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What passes hold. Memory is asked for between the way forward and the way back, when all that is
 * kept is there.
 */
class PassMemoryTest {
  @BeforeAll
  static void load() {
    LibTorch.start();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void aGraphOfLongRowsGrowsWithTheirLength(int heads) {
    long[] kept = {keptByGraph(heads, 5_000), keptByGraph(heads, 20_000)};
    assertThat(kept[1]).isBetween(2 * kept[0], 6 * kept[0]);
  }

  /** Of a model whose heads all share keys and values. */
  private static long keptByGraph(int heads, int length) {
    ModelConfig model =
        new ModelConfig(1, 16, heads, 24, 40, length, 0, 10_000, null)
            .withKeyValueHeads(1)
            .withExperts(new Experts(2, 1, 0, 0));
    Random random = new Random(8);
    List<Sequence> row =
        List.of(RandomDocument.of(random, length / 3), RandomDocument.of(random, length / 2));
    PackedRows rows = PackedRows.of(List.of(row), length);
    long[] most = new long[1];
    long before = NativeMemory.inUse();
    Objective asks = (_, _) -> most[0] = NativeMemory.inUse() - before;
    ParameterLayout layout = new ParameterLayout(model);
    try (Decoder decoder = new Decoder(model, length);
        Parameters weights = Parameters.initialized(layout, new Initialization(0.5, 0.2, 0.7), 3);
        Parameters _ = Gradients.of(decoder, weights, List.of(new MicroBatch(rows, asks)))) {
      return most[0];
    }
  }

  /** Also counts the memory of one block for those that are computed again. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void recomputingKeepsFarLess(boolean sparse) {
    int length = 256;
    ModelConfig dense = new ModelConfig(8, 128, 2, 512, 40, length, 0, 10_000, null);
    Sequence document = RandomDocument.of(new Random(6), length);
    PackedRows rows = PackedRows.of(Collections.nCopies(4, List.of(document)), length);
    ModelConfig model = sparse ? dense.withExperts(new Experts(4, 2, 0, 0)) : dense;
    ParameterLayout layout = new ParameterLayout(model);
    long[] kept = new long[2];
    try (Decoder decoder = new Decoder(model, length);
        Parameters weights = Parameters.initialized(layout, new Initialization(0.5, 0.2, 0.7), 3);
        WorkingWeights working = new WorkingWeights(weights, Precision.FLOAT32);
        Parameters gradient = new Parameters(layout)) {
      // The first two rounds also take what libraries keep for themselves. Of the others the most
      // counts: what earlier tests left may be freed at any moment.
      for (int i = 0; i < 8; i++) {
        int at = i % 2;
        long most = i < 4 ? 0 : kept[at];
        long before = NativeMemory.inUse();
        Objective asks = (_, _) -> kept[at] = Math.max(most, NativeMemory.inUse() - before);
        try (Pass pass = Pass.of(decoder, working, gradient, at == 1)) {
          pass.begin();
          pass.add(new MicroBatch(rows, asks), new ExpertLoad(model));
          pass.end();
        }
      }
    }
    assertThat(kept[1]).isPositive().isLessThan(kept[0] / 3);
  }

  /** A graph casts the weights by itself: a copy of them all in bf16 would be read by nobody. */
  @Test
  void aGraphHasNoCopyOfTheWeights() {
    int length = 24;
    ModelConfig dense = new ModelConfig(1, 32, 2, 24, 40, length, 0, 10_000, null);
    ModelConfig sparse = dense.withExperts(new Experts(4, 2, 0, 0));
    for (ModelConfig model : List.of(dense, sparse)) {
      Precision held = model.experts() == null ? Precision.BF16 : Precision.FLOAT32;
      try (Decoder decoder = new Decoder(model, length, Precision.BF16);
          Parameters weights = new Parameters(new ParameterLayout(model));
          WorkingWeights working = Pass.weights(decoder, weights)) {
        assertThat(working.precision()).isEqualTo(held);
      }
    }
  }
}
