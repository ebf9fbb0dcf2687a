package dev.modelflow.engine.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.modelflow.domain.StageKind;
import dev.modelflow.engine.checkpoint.CheckpointFolder;
import dev.modelflow.engine.data.InstanceFilter;
import dev.modelflow.engine.data.InstanceFilter.Filtered;
import dev.modelflow.engine.data.PackedRows;
import dev.modelflow.engine.learn.Scorer;
import dev.modelflow.engine.model.Decoder;
import dev.modelflow.engine.model.ParameterLayout;
import dev.modelflow.engine.model.Parameters;
import dev.modelflow.engine.stage.StageSpec.Resume;
import dev.modelflow.engine.tensor.Lanes;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

/** Options that leave something out of a step: what they do, count, and keep in checkpoints. */
class TrainingOptionsTest {
  private static final String OPTIONS =
      """
      {"mix": {"counting": 0.7, "words": 0.3}, "steps": 40, "rows": 4, "learningRate": 0.01,
       "schedule": "wsd", "warmupFraction": 0.125, "checkpointEvery": 15, "microBatchTokens": 64,
       "skipStep": {"window": 8, "deviations": 0.5},
       "instanceFilter": {"shortest": 1, "longest": 13, "times": 4}}
      """;

  @TempDir private Path root;
  private ToyFlow flow;

  @BeforeEach
  void makeInputs() throws Exception {
    flow = new ToyFlow(root);
  }

  private RecordedEvents run(StageKind kind, String parameters, String output, Resume... resume)
      throws Exception {
    RecordedEvents events = new RecordedEvents();
    Stages.run(flow.spec(kind, parameters, output, resume.length == 0 ? null : resume[0]), events);
    return events;
  }

  private static double sum(RecordedEvents events, String metric) {
    return events.metrics.keySet().stream().mapToDouble(step -> events.metric(step, metric)).sum();
  }

  private static ObjectNode state(RecordedEvents events, int step) throws Exception {
    return new CheckpointFolder(events.checkpointAt(step)).state();
  }

  @Test
  void skippedStepsAreCountedToldAndChangeNothing() throws Exception {
    RecordedEvents events = run(StageKind.PRETRAIN, OPTIONS, "a");

    double skipped = sum(events, "skippedSteps");
    assertThat(skipped).isBetween(1.0, 36.0);
    assertThat(state(events, 40).path("skipStep").path("skipped").asLong())
        .isEqualTo((long) skipped);
    assertThat(state(events, 40).path("skipStep").path("losses").size()).isEqualTo(8);
    assertThat(state(events, 40).path("optimizerSteps").asLong()).isEqualTo(40 - (long) skipped);
    assertThat(
            events.lines.stream().filter(line -> line.matches("warning: Step \\d+ is skipped.*")))
        .hasSize((int) skipped);
  }

  @Test
  void repetitiveRowsAndTheZLossAreCounted() throws Exception {
    RecordedEvents events = run(StageKind.PRETRAIN, OPTIONS, "a");
    assertThat(sum(events, "filteredRows")).isBetween(1.0, 159.0);
    assertThat(events.metric(40, "zLoss")).isPositive();
  }

  /** As in OLMo-core: a filtered row adds nothing to the sum, and its targets to the divisor. */
  @Test
  void theLossIsThatOfTheOtherRowsOverTheTargetsOfAll() throws Exception {
    Path start = run(StageKind.PRETRAIN, OPTIONS, "start").checkpointAt(15);
    flow.inputs.put("checkpoint", start);
    String one =
        """
        {"mix": {"counting": 0.7, "words": 0.3}, "steps": 1, "rows": 8, "learningRate": 0.001,
         "instanceFilter": {"shortest": 1, "longest": 13, "times": 4}}
        """;
    RecordedEvents events = run(StageKind.MIDTRAIN, one, "one");

    PackedRows read = firstRows(flow.spec(StageKind.MIDTRAIN, one, "one", null));
    Filtered kept = new InstanceFilter(1, 13, 4).apply(read);
    assertThat(kept.filtered()).isBetween(1, 7);
    assertThat(events.metric(1, "filteredRows")).isEqualTo(kept.filtered());
    assertThat(events.metric(1, "loss"))
        .isCloseTo(-logProbs(start, kept.rows()) / read.targetCount(), withinPercentage(1e-3));
  }

  private PackedRows firstRows(StageSpec spec) throws Exception {
    try (Owned files = new Owned()) {
      Path tokenizer = flow.inputs.getOrDefault("tokenizer", root);
      return TokenStage.order(
              spec, TokenStage.sources(spec, tokenizer, files), "mix", ToyFlow.MODEL.context())
          .next();
    }
  }

  private static double logProbs(Path checkpoint, PackedRows rows) throws Exception {
    try (Lanes lanes = new Lanes(1);
        Decoder decoder = new Decoder(ToyFlow.MODEL, ToyFlow.MODEL.context());
        Parameters weights = new Parameters(new ParameterLayout(ToyFlow.MODEL))) {
      new CheckpointFolder(checkpoint).readWeights(weights);
      double sum = 0;
      for (float logProb : new Scorer(decoder, weights, lanes).logProbs(List.of(rows)).getFirst()) {
        sum += logProb;
      }
      return sum;
    }
  }

  /** At every checkpoint, since what the guard remembers differs from step to step. */
  @Test
  void aStageResumedAnywhereEndsWithTheSameBytes() throws Exception {
    String often = OPTIONS.replace("\"checkpointEvery\": 15", "\"checkpointEvery\": 9");
    RecordedEvents whole = run(StageKind.PRETRAIN, often, "whole");
    for (int step = 9; step < 40; step += 9) {
      Resume resume = new Resume(whole.checkpointAt(step), step);
      RecordedEvents rest = run(StageKind.PRETRAIN, often, "after-" + step, resume);
      WrittenFolders.assertEqualBytes(rest.checkpointAt(40), whole.checkpointAt(40));
    }
  }

  @Test
  void aStageWithoutTheseOptionsSaysNothingOfThem() throws Exception {
    String plain =
        """
        {"mix": {"counting": 1}, "steps": 10, "rows": 2, "learningRate": 0.01, "zLoss": 0,
         "skipStep": {"window": 0, "deviations": 6}, "instanceFilter": {"times": 0}}
        """;
    RecordedEvents events = run(StageKind.PRETRAIN, plain, "a");
    assertThat(events.metrics.get(10)).containsOnlyKeys("loss", "gradientNorm", "learningRate");
    assertThat(state(events, 10).has("skipStep")).isFalse();
  }

  @Test
  void theStagesAfterPretrainingSkipStepsToo() throws Exception {
    flow.inputs.put("checkpoint", run(StageKind.PRETRAIN, OPTIONS, "a").checkpointAt(40));
    flow.inputs.put("weak", run(StageKind.PRETRAIN, OPTIONS, "b").checkpointAt(15));
    Map<StageKind, String> keys =
        Map.of(
            StageKind.SFT, "\"rows\": 2",
            StageKind.DPO,
                "\"pairs\": 12, \"heldOutPairs\": 0, \"batchPairs\": 3, \"maxNewTokens\": 6");
    for (StageKind kind : keys.keySet()) {
      String parameters =
          """
          {"steps": 24, "learningRate": 0.01, "checkpointEvery": 7, %s,
           "skipStep": {"window": 8, "deviations": 0.1}}
          """
              .formatted(keys.get(kind));
      RecordedEvents whole = run(kind, parameters, kind.word());
      assertThat(sum(whole, "skippedSteps")).as(kind.word()).isPositive();
      Resume resume = new Resume(whole.checkpointAt(14), 14);
      RecordedEvents rest = run(kind, parameters, kind.word() + "-again", resume);
      WrittenFolders.assertEqualBytes(rest.checkpointAt(24), whole.checkpointAt(24));
    }
  }
}
