package dev.modelflow.parity;

import static dev.modelflow.engine.model.OtherShapes.withHeadSize;
import static dev.modelflow.engine.model.OtherShapes.withTiedHead;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.modelflow.engine.learn.Gradients;
import dev.modelflow.engine.learn.NextToken;
import dev.modelflow.engine.learn.StepLoss;
import dev.modelflow.engine.model.Decoder;
import dev.modelflow.engine.model.ModelConfig;
import dev.modelflow.engine.model.ParameterLayout.Entry;
import dev.modelflow.engine.model.Parameters;
import dev.modelflow.engine.model.Yarn;
import dev.modelflow.engine.tensor.LibTorch;
import dev.modelflow.engine.tensor.Range;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The engine computes what transformers computed; the parity lane compares more, with Python. */
class GoldenTest {
  private static final double TOLERANCE = 1e-4;

  @BeforeAll
  static void load() {
    LibTorch.start();
  }

  @Test
  void theModelsAreThoseThatTransformersWrote() throws Exception {
    try (Golden three = new Golden("olmo3");
        Golden two = new Golden("olmo2")) {
      ModelConfig olmo3 = new ModelConfig(7, 16, 4, 32, 64, 128, 8, 10_000, new Yarn(8, 16));
      assertThat(three.model()).isEqualTo(withHeadSize(olmo3.withKeyValueHeads(2), 8));
      ModelConfig olmo2 = new ModelConfig(2, 16, 4, 32, 64, 64, 0, 500_000, null);
      assertThat(two.model()).isEqualTo(withTiedHead(olmo2.withKeyValueHeads(2)));
    }
  }

  @ParameterizedTest
  @CsvSource({"olmo3,6", "olmo3,32", "olmo3,96", "olmo2,24"})
  void logitsAreThoseOfTransformers(String name, int length) throws Exception {
    try (Golden golden = new Golden(name)) {
      assertThat(difference(golden, golden.model(), length)).isLessThan(TOLERANCE);
    }
  }

  @ParameterizedTest
  @CsvSource({"olmo3,96", "olmo2,24"})
  void lossAndGradientsAreThoseOfTransformers(String name, int length) throws Exception {
    StepLoss loss = new StepLoss();
    try (Golden golden = new Golden(name);
        Decoder decoder = new Decoder(golden.model(), length);
        Parameters gradient =
            Gradients.of(
                decoder, golden.weights(), NextToken.split(golden.rows(length), length, 0, loss))) {
      assertThat(loss.crossEntropy())
          .isCloseTo(golden.expected(length + ".loss")[0], within(TOLERANCE));
      for (Entry entry : gradient.layout().entries()) {
        float[] expected = golden.expected(length + ".gradient." + entry.name());
        double share = Golden.difference(gradient.read(entry), expected) / largest(expected);
        assertThat(share).as(entry.name()).isLessThan(TOLERANCE);
      }
    }
  }

  /** Both losses are means over the same targets, and the gradient is that of their sum. */
  @Test
  void zLossOverSomeTargetsIsThatOfPyTorch() throws Exception {
    StepLoss loss = new StepLoss();
    try (Golden golden = new Golden("olmo3");
        Decoder decoder = new Decoder(golden.model(), 96);
        Parameters gradient =
            Gradients.of(
                decoder,
                golden.weights(),
                NextToken.split(golden.maskedRows(96), 96, 0.01, loss))) {
      assertThat(loss.crossEntropy())
          .isCloseTo(golden.expected("96.masked.loss")[0], within(TOLERANCE));
      assertThat(loss.z()).isCloseTo(golden.expected("96.masked.zLoss")[0], within(TOLERANCE));
      for (Entry entry : gradient.layout().entries()) {
        float[] expected = golden.expected("96.masked.gradient." + entry.name());
        double share = Golden.difference(gradient.read(entry), expected) / largest(expected);
        assertThat(share).as(entry.name()).isLessThan(TOLERANCE);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "YaRN on all layers",
        "no window",
        "norm of queries and keys by head",
        "gate and up swapped",
        "last layer not full"
      })
  void noFaultThatOthersMadeIsMade(String fault) throws Exception {
    try (Golden golden = new Golden("olmo3")) {
      float[] logits = golden.logits(golden.model(), 32);
      assertThat(Golden.difference(logits, golden.expected("32.logits"))).isLessThan(TOLERANCE);
      assertThat(Golden.difference(logits, golden.expected(fault + ".32.logits")))
          .isGreaterThan(100 * TOLERANCE);
    }
  }

  @Test
  void aModelWithoutItsWindowIsAnother() throws Exception {
    try (Golden golden = new Golden("olmo3")) {
      ModelConfig model = golden.model();
      ModelConfig unseeing = changed(model, model.context(), model.yarn());
      assertThat(difference(golden, unseeing, 6)).isLessThan(TOLERANCE);
      assertThat(difference(golden, unseeing, 32)).isGreaterThan(100 * TOLERANCE);
    }
  }

  @Test
  void aModelWithoutYarnIsAnother() throws Exception {
    try (Golden golden = new Golden("olmo3")) {
      ModelConfig plain = changed(golden.model(), golden.model().slidingWindow(), null);
      assertThat(difference(golden, plain, 6)).isGreaterThan(100 * TOLERANCE);
    }
  }

  @Test
  void aModelWithGateAndUpSwappedIsAnother() throws Exception {
    try (Golden golden = new Golden("olmo3")) {
      Parameters weights = golden.weights();
      for (Entry gate : weights.layout().entries()) {
        if (gate.name().contains("gate_proj")) {
          Entry up = weights.layout().entry(gate.name().replace("gate", "up"));
          float[] values = weights.read(gate);
          weights.write(gate, Range.of(gate.size()), weights.read(up));
          weights.write(up, Range.of(up.size()), values);
        }
      }
      assertThat(difference(golden, golden.model(), 6)).isGreaterThan(100 * TOLERANCE);
    }
  }

  private static ModelConfig changed(ModelConfig model, int window, @Nullable Yarn yarn) {
    ModelConfig even =
        new ModelConfig(
            model.layers(),
            model.width(),
            model.heads(),
            model.feedForward(),
            model.vocabulary(),
            model.context(),
            window,
            model.ropeBase(),
            yarn);
    return withHeadSize(even.withKeyValueHeads(model.keyValueHeads()), model.headSize());
  }

  private static double difference(Golden golden, ModelConfig model, int length) {
    return Golden.difference(golden.logits(model, length), golden.expected(length + ".logits"));
  }

  private static double largest(float[] values) {
    return Golden.difference(values, new float[values.length]);
  }
}
