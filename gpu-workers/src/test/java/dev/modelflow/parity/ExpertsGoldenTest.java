package dev.modelflow.parity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.modelflow.engine.data.PackedRows;
import dev.modelflow.engine.learn.ExpertLoad;
import dev.modelflow.engine.learn.Gradients;
import dev.modelflow.engine.learn.NextToken;
import dev.modelflow.engine.learn.StepLoss;
import dev.modelflow.engine.model.Decoder;
import dev.modelflow.engine.model.Experts;
import dev.modelflow.engine.model.ModelConfig;
import dev.modelflow.engine.model.ParameterLayout.Entry;
import dev.modelflow.engine.model.Parameters;
import dev.modelflow.engine.tensor.LibTorch;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A mixture of experts is computed as transformers' FlexOlmo computed it. */
class ExpertsGoldenTest {
  private static final double TOLERANCE = 1e-4;
  private static final int LENGTH = 40;

  private Golden golden;

  @BeforeEach
  void open() throws Exception {
    LibTorch.start();
    golden = new Golden("flex_olmo");
  }

  @AfterEach
  void close() {
    golden.close();
  }

  @Test
  void theModelIsTheOneThatTransformersWrote() {
    assertThat(golden.model())
        .isEqualTo(
            new ModelConfig(3, 16, 4, 12, 64, 64, 0, 10_000, null)
                .withKeyValueHeads(2)
                .withExperts(new Experts(6, 2, 0.5, 0.1)));
  }

  @Test
  void logitsAreThoseOfTransformers() {
    assertThat(
            Golden.difference(
                golden.logits(golden.model(), LENGTH), golden.expected(LENGTH + ".logits")))
        .isLessThan(TOLERANCE);
  }

  @Test
  void everyLossAndItsGradientsAreThoseOfTransformers() {
    StepLoss loss = new StepLoss();
    ExpertLoad load = new ExpertLoad(golden.model());
    PackedRows rows = golden.rows(LENGTH);
    try (Decoder decoder = new Decoder(golden.model(), LENGTH);
        Parameters gradient =
            Gradients.of(decoder, golden.weights(), NextToken.split(rows, LENGTH, 0, loss), load)) {
      Map<String, Double> found = load.values();
      assertThat(loss.crossEntropy()).isCloseTo(golden.expected("40.loss")[0], within(TOLERANCE));
      for (String name : new String[] {"balanceLoss", "routerZLoss"}) {
        assertThat(found.get(name))
            .isCloseTo((double) golden.expected("40." + name)[0], within(TOLERANCE));
      }
      for (Entry entry : gradient.layout().entries()) {
        float[] expected = golden.expected("40.gradient." + entry.name());
        double largest = Golden.difference(expected, new float[expected.length]);
        assertThat(Golden.difference(gradient.read(entry), expected))
            .as(entry.name())
            .isLessThanOrEqualTo(TOLERANCE * largest);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "weights of the chosen experts normed",
        "experts in another order",
        "one expert fewer for each token",
        "gate and up of every expert swapped"
      })
  void noFaultIsMade(String fault) {
    assertThat(
            Golden.difference(
                golden.logits(golden.model(), LENGTH), golden.expected(fault + ".40.logits")))
        .isGreaterThan(100 * TOLERANCE);
  }
}
