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
import dev.modelflow.engine.model.Weights;
import dev.modelflow.engine.tensor.LibTorch;
import dev.modelflow.engine.tensor.Tensors;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.global.torch;
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
    assertThat(difference(logits(), golden.expected(LENGTH + ".logits"))).isLessThan(TOLERANCE);
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
        double largest = difference(expected, new float[expected.length]);
        assertThat(difference(gradient.read(entry), expected))
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
    assertThat(difference(logits(), golden.expected(fault + ".40.logits")))
        .isGreaterThan(100 * TOLERANCE);
  }

  private float[] logits() {
    PackedRows rows = golden.rows(LENGTH);
    try (PointerScope _ = new PointerScope();
        Decoder decoder = new Decoder(golden.model(), LENGTH);
        Weights weights = Weights.forInference(golden.model(), golden.weights())) {
      return Tensors.toFloats(
          torch.mm(
              decoder.hidden(weights, rows.tokens(), rows.positions(), LENGTH),
              weights.head().t()));
    }
  }

  private static double difference(float[] actual, float[] expected) {
    assertThat(actual).hasSameSizeAs(expected);
    double largest = 0;
    for (int i = 0; i < expected.length; i++) {
      largest = Math.max(largest, Math.abs((double) actual[i] - expected[i]));
    }
    return largest;
  }
}
