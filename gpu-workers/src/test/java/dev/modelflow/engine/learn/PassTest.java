package dev.modelflow.engine.learn;

import static dev.modelflow.engine.model.OtherShapes.withHeadSize;
import static dev.modelflow.engine.model.OtherShapes.withTiedHead;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.modelflow.engine.data.PackedRows;
import dev.modelflow.engine.data.Sequence;
import dev.modelflow.engine.dense.WorkingWeights;
import dev.modelflow.engine.model.Decoder;
import dev.modelflow.engine.model.Experts;
import dev.modelflow.engine.model.Initialization;
import dev.modelflow.engine.model.ModelConfig;
import dev.modelflow.engine.model.ParameterLayout;
import dev.modelflow.engine.model.ParameterLayout.Entry;
import dev.modelflow.engine.model.Parameters;
import dev.modelflow.engine.tensor.LibTorch;
import dev.modelflow.engine.tensor.Precision;
import dev.modelflow.engine.tensor.Range;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The pass by hand against libtorch's graph of the same model. */
class PassTest {
  private static final int LENGTH = 24;
  private static final double Z = 0.01;

  /**
   * Windows in blocks, windows that are not, none; grouped queries; a tied head; YaRN; large heads.
   */
  static Stream<ModelConfig> models() {
    ModelConfig blocks = new ModelConfig(5, 16, 4, 24, 40, 12, 6, 10_000, null).extended(2);
    ModelConfig whole = new ModelConfig(3, 32, 2, 40, 40, LENGTH, 7, 10_000, null);
    ModelConfig full = new ModelConfig(2, 64, 2, 48, 33, LENGTH, 0, 10_000, null);
    return Stream.of(
        blocks,
        withTiedHead(blocks.withKeyValueHeads(2)),
        withHeadSize(whole.withKeyValueHeads(1), 12),
        full,
        new ModelConfig(2, 64, 2, 48, 33, LENGTH, 7, 10_000, null).withKeyValueHeads(1),
        new ModelConfig(2, 16, 2, 24, 40, LENGTH, LENGTH, 10_000, null));
  }

  /** How a pass is made. */
  private interface Maker {
    Pass make(Decoder decoder, WorkingWeights working, Parameters gradient);
  }

  private record Outcome(StepLoss loss, Parameters gradient) {}

  /** Rows of several documents, of one, and of one and padding; some targets are not asked for. */
  private static PackedRows rows(boolean several) {
    Random random = new Random(5);
    List<List<Sequence>> rows = new ArrayList<>();
    rows.add(List.of(RandomDocument.of(random, LENGTH)));
    rows.add(List.of(RandomDocument.of(random, LENGTH - 3)));
    if (several) {
      rows.add(List.of(RandomDocument.of(random, 5), RandomDocument.of(random, 12)));
    }
    return PackedRows.of(rows, LENGTH);
  }

  private static Outcome outcome(
      ModelConfig model, PackedRows rows, Precision precision, Maker maker) {
    ParameterLayout layout = new ParameterLayout(model);
    StepLoss loss = new StepLoss();
    Parameters gradient = new Parameters(layout);
    try (Decoder decoder = new Decoder(model, rows.length(), precision);
        Parameters weights = Parameters.initialized(layout, new Initialization(0.5, 0.2, 0.7), 3);
        WorkingWeights working = new WorkingWeights(weights, precision)) {
      working.refresh(Range.of(layout.size()));
      try (Pass pass = maker.make(decoder, working, gradient)) {
        addAll(model, pass, rows, loss);
      }
    }
    return new Outcome(loss, gradient);
  }

  private static void addAll(ModelConfig model, Pass pass, PackedRows rows, StepLoss loss) {
    pass.begin();
    for (MicroBatch batch : NextToken.split(rows, 2 * rows.length(), Z, loss)) {
      pass.add(batch, new ExpertLoad(model));
    }
    pass.end();
  }

  private static Outcome byHand(
      ModelConfig model, PackedRows rows, Precision precision, boolean recomputing) {
    return outcome(
        model,
        rows,
        precision,
        (decoder, working, gradient) -> Pass.of(decoder, working, gradient, recomputing));
  }

  private static Outcome byGraph(
      ModelConfig model, PackedRows rows, Precision precision, boolean recomputing) {
    return outcome(
        model,
        rows,
        precision,
        (decoder, working, gradient) ->
            recomputing
                ? new PassByBlocks(decoder, working.weights(), gradient)
                : new PassByGraph(decoder, working.weights(), gradient));
  }

  @BeforeAll
  static void load() {
    LibTorch.start();
  }

  @ParameterizedTest
  @MethodSource("models")
  void gradientsAreThoseOfTheGraph(ModelConfig model) {
    for (boolean several : List.of(false, true)) {
      Outcome hand = byHand(model, rows(several), Precision.FLOAT32, false);
      Outcome graph = byGraph(model, rows(several), Precision.FLOAT32, false);
      assertThat(hand.loss().crossEntropy()).isCloseTo(graph.loss().crossEntropy(), within(1e-5));
      assertThat(hand.loss().z()).isCloseTo(graph.loss().z(), within(1e-5));
      assertClose(hand, graph, 3e-5);
    }
  }

  /**
   * Rows of two whole blocks of queries and a rest, with documents that end within blocks and over
   * them; the window is too wide for rows of that length to be cut by it.
   */
  @Test
  void gradientsOfLongRowsAreThoseOfTheGraph() {
    int length = 2_100;
    Random random = new Random(7);
    PackedRows rows =
        PackedRows.of(
            List.of(
                List.of(
                    RandomDocument.of(random, 300),
                    RandomDocument.of(random, 1_500),
                    RandomDocument.of(random, 290)),
                List.of(RandomDocument.of(random, length))),
            length);
    ModelConfig model =
        new ModelConfig(2, 16, 2, 24, 40, length, 600, 10_000, null).withKeyValueHeads(1);
    Outcome hand = byHand(model, rows, Precision.FLOAT32, false);
    Outcome graph = byGraph(model, rows, Precision.FLOAT32, false);
    assertThat(hand.loss().crossEntropy()).isCloseTo(graph.loss().crossEntropy(), within(1e-5));
    assertClose(hand, graph, 1e-4);
  }

  /** Each product rounds its input to eight bits, one part in 256. */
  @ParameterizedTest
  @MethodSource("models")
  void bf16StaysWithinItsRounding(ModelConfig model) {
    Outcome exact = byHand(model, rows(true), Precision.FLOAT32, false);
    Outcome hand = byHand(model, rows(true), Precision.BF16, false);
    Outcome graph = byGraph(model, rows(true), Precision.BF16, false);
    assertThat(hand.loss().crossEntropy()).isCloseTo(exact.loss().crossEntropy(), within(0.02));
    assertThat(distance(graph, exact)).isBetween(1e-5, 0.08);
    assertThat(distance(hand, exact)).isBetween(1e-5, 1.5 * distance(graph, exact));
  }

  @ParameterizedTest
  @MethodSource("models")
  void blocksThatAreComputedAgainGiveTheSameBits(ModelConfig model) {
    for (Precision precision : Precision.values()) {
      Outcome kept = byHand(model, rows(true), precision, false);
      Outcome again = byHand(model, rows(true), precision, true);
      for (Entry entry : kept.gradient().layout().entries()) {
        assertThat(again.gradient().read(entry))
            .as(entry.name())
            .containsExactly(kept.gradient().read(entry));
      }
    }
  }

  /** What a pass keeps from rows of another shape, or from the same, must not show. */
  @ParameterizedTest
  @MethodSource("models")
  void aPassGivesTheSameBitsAgainAndBehindOtherRows(ModelConfig model) {
    for (Precision precision : Precision.values()) {
      for (boolean recomputing : List.of(false, true)) {
        Outcome alone = byHand(model, rows(true), precision, recomputing);
        Outcome behind =
            outcome(
                model,
                rows(true),
                precision,
                (decoder, working, gradient) -> {
                  Pass pass = Pass.of(decoder, working, gradient, recomputing);
                  for (boolean several : List.of(true, true, false)) {
                    addAll(model, pass, rows(several), new StepLoss());
                  }
                  return pass;
                });
        for (Entry entry : alone.gradient().layout().entries()) {
          assertThat(behind.gradient().read(entry))
              .as(entry.name())
              .containsExactly(alone.gradient().read(entry));
        }
      }
    }
  }

  /** Experts' choices and losses are those of the whole graph, too. */
  @ParameterizedTest
  @MethodSource("models")
  void graphsOfOneBlockAddUpToTheWhole(ModelConfig dense) {
    for (Precision precision : Precision.values()) {
      ModelConfig model = dense.withExperts(new Experts(4, 2, 0.01, 0.001));
      Outcome whole = byGraph(model, rows(true), precision, false);
      Outcome byBlocks = byGraph(model, rows(true), precision, true);
      for (Entry entry : whole.gradient().layout().entries()) {
        assertThat(byBlocks.gradient().read(entry))
            .as(entry.name())
            .containsExactly(whole.gradient().read(entry));
      }
    }
  }

  @Test
  void rowsWithoutATargetHaveNoGradient() {
    ModelConfig model = models().findFirst().orElseThrow();
    int[] none = new int[2 * LENGTH];
    Arrays.fill(none, PackedRows.NO_TARGET);
    Outcome outcome = byHand(model, rows(false).withTargets(none), Precision.FLOAT32, false);
    for (Entry entry : outcome.gradient().layout().entries()) {
      assertThat(outcome.gradient().read(entry)).containsOnly(0);
    }
  }

  private static void assertClose(Outcome actual, Outcome expected, double share) {
    for (Entry entry : expected.gradient().layout().entries()) {
      float[] wanted = expected.gradient().read(entry);
      float[] given = actual.gradient().read(entry);
      double most = 0;
      for (float value : wanted) {
        most = Math.max(most, Math.abs(value));
      }
      assertThat(given)
          .as(entry.name())
          .containsExactly(wanted, within((float) (share * most + 1e-7)));
    }
  }

  /** Length of the difference of two gradients over that of the second. */
  private static double distance(Outcome actual, Outcome expected) {
    double difference = 0;
    double length = 0;
    for (Entry entry : expected.gradient().layout().entries()) {
      float[] wanted = expected.gradient().read(entry);
      float[] given = actual.gradient().read(entry);
      for (int i = 0; i < wanted.length; i++) {
        difference += Math.pow((double) given[i] - wanted[i], 2);
        length += Math.pow(wanted[i], 2);
      }
    }
    return Math.sqrt(difference / length);
  }
}
