package dev.modelflow.engine.learn;

import static dev.modelflow.engine.model.OtherShapes.withTiedHead;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.modelflow.engine.data.PackedRows;
import dev.modelflow.engine.data.Sequence;
import dev.modelflow.engine.model.Decoder;
import dev.modelflow.engine.model.Experts;
import dev.modelflow.engine.model.Initialization;
import dev.modelflow.engine.model.ModelConfig;
import dev.modelflow.engine.model.ParameterLayout;
import dev.modelflow.engine.model.ParameterLayout.Entry;
import dev.modelflow.engine.model.Parameters;
import dev.modelflow.engine.model.Weights;
import dev.modelflow.engine.optim.AdamW;
import dev.modelflow.engine.random.CounterRandom;
import dev.modelflow.engine.tensor.Lanes;
import dev.modelflow.engine.tensor.Precision;
import dev.modelflow.engine.tensor.Range;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LearnerTest {
  private static final ModelConfig MODEL =
      new ModelConfig(2, 8, 2, 12, 20, 12, 3, 10_000, null).extended(2);
  private static final AdamW.Settings SETTINGS = new AdamW.Settings(0.9, 0.95, 1e-8, 0);
  private static final double Z = 0.01;

  private static Parameters weights() {
    return weights(MODEL);
  }

  private static Parameters weights(ModelConfig model) {
    return Parameters.initialized(new ParameterLayout(model), new Initialization(0.5, 0.3, 0.7), 3);
  }

  private static PackedRows rows(int count) {
    CounterRandom random = CounterRandom.of(2, "rows");
    List<List<Sequence>> rows = new ArrayList<>();
    for (int row = 0; row < count; row++) {
      int[] tokens = new int[7];
      int[] targets = new int[7];
      for (int i = 0; i < 7; i++) {
        tokens[i] = 4 + random.at(row).below(16, i);
        targets[i] = i == 2 ? PackedRows.NO_TARGET : 4 + random.at(row).below(16, i + 1);
      }
      rows.add(List.of(new Sequence(tokens, targets), new Sequence(tokens, targets)));
    }
    return PackedRows.of(rows, 16);
  }

  /** Mean cross entropy plus z-loss, from logits of every token by way of the scorer. */
  private static double loss(Decoder decoder, Parameters weights, Lanes lanes, PackedRows rows) {
    double sum = 0;
    int targets = 0;
    Scorer scorer = new Scorer(decoder, weights, lanes);
    for (float logProb : scorer.logProbs(List.of(rows)).getFirst()) {
      sum -= logProb;
      targets++;
    }
    return sum / targets;
  }

  private static List<ModelConfig> models() {
    return List.of(
        MODEL,
        withTiedHead(MODEL.withKeyValueHeads(1)),
        MODEL.withExperts(new Experts(4, 2, 0, 0)));
  }

  @ParameterizedTest
  @MethodSource("models")
  void gradientsOfEveryWeightAgreeWithFiniteDifferences(ModelConfig model) {
    PackedRows rows = rows(2);
    List<MicroBatch> batches = NextToken.split(rows, 64, 0, new StepLoss());
    try (Lanes lanes = new Lanes(1);
        Decoder decoder = new Decoder(model, 16);
        Parameters weights = weights(model);
        Parameters gradient = Gradients.of(decoder, weights, batches)) {
      for (Entry entry : weights.layout().entries()) {
        float[] values = weights.read(entry);
        float[] slopes = gradient.read(entry);
        for (int i = 0; i < values.length; i += Math.max(1, values.length / 5)) {
          double slope = difference(decoder, weights, lanes, rows, entry, values, i);
          assertThat((double) slopes[i])
              .as("%s[%d]", entry.name(), i)
              .isCloseTo(slope, within(2e-4 + 0.02 * Math.abs(slope)));
        }
      }
    }
  }

  private static double difference(
      Decoder decoder,
      Parameters weights,
      Lanes lanes,
      PackedRows rows,
      Entry entry,
      float[] values,
      int index) {
    float step = 4e-3f;
    float before = values[index];
    values[index] = before + step;
    weights.write(entry, Range.of(entry.size()), values);
    double above = loss(decoder, weights, lanes, rows);
    values[index] = before - step;
    weights.write(entry, Range.of(entry.size()), values);
    double below = loss(decoder, weights, lanes, rows);
    values[index] = before;
    weights.write(entry, Range.of(entry.size()), values);
    return (above - below) / (2 * step);
  }

  @Test
  void zLossPullsTheDenominatorTowardsOne() {
    PackedRows rows = rows(1);
    double[] distance = new double[2];
    for (int i = 0; i < 2; i++) {
      try (Lanes lanes = new Lanes(1);
          Decoder decoder = new Decoder(MODEL, 16);
          Parameters weights = weights();
          AdamW optimizer = new AdamW(SETTINGS, weights);
          Learner learner = new Learner(decoder, weights, optimizer, lanes, 1)) {
        for (int step = 0; step < 60; step++) {
          learner.step(NextToken.split(rows, 64, i * Z * 10, new StepLoss()), 0.01);
        }
        distance[i] = logDenominator(decoder, weights, rows);
      }
    }
    assertThat(distance[1]).isLessThan(0.5 * distance[0]);
  }

  private static double logDenominator(Decoder decoder, Parameters weights, PackedRows rows) {
    try (PointerScope _ = new PointerScope();
        Weights views = Weights.forInference(MODEL, weights)) {
      Tensor hidden = decoder.hidden(views, rows.tokens(), rows.positions(), rows.length());
      Tensor logits = torch.mm(hidden, views.head().t());
      return logits.logsumexp(new long[] {1}, true).abs().mean().item_float();
    }
  }

  @Test
  void oneBatchCanBeLearntByHeart() {
    PackedRows rows = rows(2);
    try (Lanes lanes = new Lanes(2);
        Decoder decoder = new Decoder(MODEL, 16);
        Parameters weights = weights();
        AdamW optimizer = new AdamW(SETTINGS, weights);
        Learner learner = new Learner(decoder, weights, optimizer, lanes, 1)) {
      for (int step = 0; step < 300; step++) {
        learner.step(NextToken.split(rows, 16, 0, new StepLoss()), 0.02);
      }
      assertThat(loss(decoder, weights, lanes, rows)).isLessThan(0.05);
    }
  }

  /** The norm shows a gradient's size, to which clipping and AdamW's first step are blind. */
  @Test
  void anyDivisionIntoMicroBatchesGivesTheSameSteps() {
    float[][] learnt = new float[3][];
    double[][] norms = new double[3][3];
    int[] lanesOf = {1, 1, 2};
    int[] tokensOf = {64, 16, 32};
    for (int i = 0; i < 3; i++) {
      try (Lanes lanes = new Lanes(lanesOf[i]);
          Decoder decoder = new Decoder(MODEL, 16);
          Parameters weights = weights();
          AdamW optimizer = new AdamW(SETTINGS, weights);
          Learner learner = new Learner(decoder, weights, optimizer, lanes, 1)) {
        for (int step = 0; step < 3; step++) {
          var batches = NextToken.split(rows(4), tokensOf[i], Z, new StepLoss());
          norms[i][step] = learner.step(batches, 0.01).gradientNorm();
        }
        learnt[i] = weights.read(weights.layout().entry("model.embed_tokens.weight"));
      }
    }
    assertThat(norms[0][0]).isCloseTo(normOfOnePass(), withinPercentage(1e-3));
    assertThat(norms[1]).containsExactly(norms[0], within(1e-4));
    assertThat(norms[2]).containsExactly(norms[0], within(1e-4));
    assertThat(learnt[1]).containsExactly(learnt[0], within(1e-4f));
    assertThat(learnt[2]).containsExactly(learnt[0], within(1e-4f));
  }

  /** From all weights' slopes, without lanes. */
  private static double normOfOnePass() {
    double squares = 0;
    try (Decoder decoder = new Decoder(MODEL, 16);
        Parameters weights = weights();
        Parameters gradient =
            Gradients.of(decoder, weights, NextToken.split(rows(4), 64, Z, new StepLoss()))) {
      for (Entry entry : gradient.layout().entries()) {
        for (double slope : gradient.read(entry)) {
          squares += slope * slope;
        }
      }
    }
    return Math.sqrt(squares);
  }

  @ParameterizedTest
  @MethodSource("models")
  void theFirstPartOfAStepAloneGivesItsLossAndChangesNothing(ModelConfig model) {
    for (Precision precision : Precision.values()) {
      for (boolean recomputing : List.of(false, true)) {
        Learnt whole = learnt(model, precision, recomputing, 0);
        Learnt behindParts = learnt(model, precision, recomputing, 2);
        assertThat(behindParts.part().crossEntropy()).isEqualTo(whole.step().crossEntropy());
        assertThat(behindParts.part().z()).isEqualTo(whole.step().z()).isPositive();
        assertThat(behindParts.embedding()).isEqualTo(whole.embedding());
      }
    }
  }

  /** What a step's first part alone told, what the step told, and what it left. */
  private record Learnt(StepLoss part, StepLoss step, FloatBuffer embedding) {}

  private static Learnt learnt(
      ModelConfig model, Precision precision, boolean recomputing, int parts) {
    StepLoss part = new StepLoss();
    StepLoss step = new StepLoss();
    try (Lanes lanes = new Lanes(2);
        Decoder decoder = new Decoder(model, 16, precision);
        Parameters weights = weights(model);
        AdamW optimizer = new AdamW(SETTINGS, weights);
        Learner learner = new Learner(decoder, weights, optimizer, lanes, 1, recomputing)) {
      List<MicroBatch> alone = NextToken.split(rows(3), 16, Z, part);
      for (int i = 0; i < parts; i++) {
        learner.forward(alone);
      }
      learner.step(NextToken.split(rows(3), 16, Z, step), 0.01);
      return new Learnt(
          part,
          step,
          FloatBuffer.wrap(weights.read(weights.layout().entry(ParameterLayout.EMBEDDING))));
    }
  }
}
