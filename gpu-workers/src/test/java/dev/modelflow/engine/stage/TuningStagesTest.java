package dev.modelflow.engine.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.modelflow.domain.StageKind;
import dev.modelflow.engine.stage.StageResult.Done;
import dev.modelflow.engine.stage.StageResult.Stopped;
import dev.modelflow.engine.stage.StageSpec.Resume;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class TuningStagesTest {
  private static final String SFT =
      """
      {"steps": 120, "rows": 4, "learningRate": 0.01, "checkpointEvery": 20, "metricsEvery": 5}
      """;
  private static final String DPO =
      """
      {"pairs": 24, "heldOutPairs": 8, "batchPairs": 8, "beta": 5, "steps": 8, "maxNewTokens": 12,
       "learningRate": 0.001, "checkpointEvery": 3, "metricsEvery": 1}
      """;
  private static final String RLVR =
      """
      {"steps": 6, "promptsPerStep": 4, "groupSize": 8, "maxNewTokens": 12, "learningRate": 0.001,
       "checkpointEvery": 2, "metricsEvery": 1, "reward": "REWARD"}
      """;

  @TempDir private static Path root;
  private static ToyFlow flow;
  private static RecordedEvents tuned;

  @BeforeAll
  static void tune() throws Exception {
    flow = new ToyFlow(root);
    String pretrain =
        """
        {"mix": {"counting": 1}, "steps": 30, "rows": 4, "learningRate": 0.01}
        """;
    RecordedEvents start = run(flow.spec(StageKind.PRETRAIN, pretrain, "base", null));
    flow.inputs.put("checkpoint", start.checkpointAt(30));
    tuned = run(flow.spec(StageKind.SFT, SFT, "sft", null));
  }

  private static RecordedEvents run(StageSpec spec) throws Exception {
    RecordedEvents events = new RecordedEvents();
    assertThat(Stages.run(spec, events)).isInstanceOf(Done.class);
    return events;
  }

  private static void assertSameAfterResume(
      StageKind kind, String parameters, RecordedEvents whole, int from, int last)
      throws Exception {
    Resume resume = new Resume(whole.checkpointAt(from), from);
    RecordedEvents rest = run(flow.spec(kind, parameters, kind + "-again", resume));
    WrittenFolders.assertEqualBytes(rest.checkpointAt(last), whole.checkpointAt(last));
  }

  private static void startFrom(int step) {
    flow.inputs.put("checkpoint", tuned.checkpointAt(step));
    flow.inputs.put("weak", tuned.checkpointAt(20));
  }

  @Test
  void fineTuningTeachesTheAssistantsTurnAndResumesToTheSameBytes() throws Exception {
    assertThat(tuned.metric(120, "loss")).isLessThan(0.5 * tuned.metric(5, "loss"));
    flow.inputs.put("checkpoint", root.resolve("base/step-30"));
    assertSameAfterResume(StageKind.SFT, SFT, tuned, 100, 120);
  }

  @Test
  void preferenceTrainingBeginsAtLogTwoAndWidensTheMargin() throws Exception {
    startFrom(60);
    RecordedEvents whole = run(flow.spec(StageKind.DPO, DPO, "dpo", null));

    assertThat(whole.metric(1, "loss")).isCloseTo(Math.log(2), within(1e-4));
    assertThat(whole.metric(1, "margin")).isCloseTo(0, within(1e-4));
    assertThat(whole.metric(8, "margin")).isGreaterThan(0);
    assertThat(whole.score("preferences margin"))
        .isGreaterThan(whole.score("preferences marginBefore"));
    Path preferences = root.resolve("dpo/preferences");
    assertThat(Files.readAllLines(preferences.resolve("preferences.jsonl"))).hasSize(24);
    assertThat(Files.readAllLines(preferences.resolve("held-out.jsonl"))).hasSize(8);
    assertSameAfterResume(StageKind.DPO, DPO, whole, 3, 8);
  }

  /** Nobody scores pairs that no step will see, and the checkpoint before stands. */
  @Test
  void aStopWhilePairsAreMadeLeavesAtOnce() throws Exception {
    startFrom(60);
    RecordedEvents first = new RecordedEvents().stoppingWhenAsked(2);
    assertThat(Stages.run(flow.spec(StageKind.DPO, DPO, "dpo-first", null), first))
        .isEqualTo(new Stopped(0));
    assertThat(first.checkpoints).containsOnlyKeys(0);

    flow.inputs.put("checkpoint", root.resolve("no reference"));
    RecordedEvents rest = new RecordedEvents().stoppingWhenAsked(2);
    Resume resume = new Resume(first.checkpointAt(0), 0);
    assertThat(Stages.run(flow.spec(StageKind.DPO, DPO, "dpo-rest", resume), rest))
        .isEqualTo(new Stopped(0));
    assertThat(rest.checkpoints).isEmpty();
  }

  @Test
  void reinforcementStartsOnPolicyAndResumesToTheSameBytes() throws Exception {
    startFrom(60);
    String parameters = RLVR.replace("REWARD", "verifier");
    RecordedEvents whole = run(flow.spec(StageKind.RLVR, parameters, "rlvr", null));

    assertThat(whole.metric(1, "importanceWeight")).isCloseTo(1, within(1e-3));
    assertThat(whole.metric(1, "samplerDistance")).isBetween(0.0, 1e-4);
    assertThat(whole.metric(1, "reward")).isEqualTo(whole.metric(1, "passRate"));
    assertSameAfterResume(StageKind.RLVR, parameters, whole, 2, 6);
  }

  @Test
  void activationCheckpointingChangesNoByte() throws Exception {
    startFrom(60);
    String parameters = RLVR.replace("REWARD", "random").replace("\"steps\": 6", "\"steps\": 2");
    RecordedEvents kept = run(flow.spec(StageKind.RLVR, parameters, "kept", null));
    String recomputing = ToyFlow.recomputing(parameters);
    RecordedEvents again = run(flow.spec(StageKind.RLVR, recomputing, "recomputed", null));
    assertThat(kept.metric(1, "groups")).isPositive();
    WrittenFolders.assertEqualBytes(again.checkpointAt(2), kept.checkpointAt(2));
  }

  @Test
  void aPromptThatDoesNotFitTheContextIsRefusedBeforeTheFirstStep() {
    startFrom(20);
    String parameters = RLVR.replace("REWARD", "verifier").replace("12", "1000");
    RecordedEvents events = new RecordedEvents();
    assertThatThrownBy(
            () -> Stages.run(flow.spec(StageKind.RLVR, parameters, "too-long", null), events))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageMatching(
            "Prompt '.+' has \\d+ tokens, which with an answer of up to 1000 do not fit the"
                + " model's context of \\d+: leave it out, lower maxNewTokens or extend the"
                + " context");
    assertThat(events.metrics).isEmpty();
  }

  @Test
  void randomRewardsAreBlindToTheAnswers() throws Exception {
    startFrom(20);
    RecordedEvents events =
        run(flow.spec(StageKind.RLVR, RLVR.replace("REWARD", "random"), "random", null));

    double reward =
        events.metrics.keySet().stream()
            .mapToDouble(step -> events.metric(step, "reward"))
            .average()
            .orElse(0);
    assertThat(reward).isCloseTo(0.5, within(0.15));
  }

  @Test
  void anEvaluationReportsEachTaskWithItsError() throws Exception {
    startFrom(120);
    RecordedEvents events =
        run(flow.spec(StageKind.EVALUATE, "{\"maxNewTokens\": 12}", "evaluation", null));

    assertThat(events.scores)
        .containsOnlyKeys(
            "text-words bitsPerByte",
            "text-words unigramBitsPerByte",
            "text bitsPerByte",
            "text unigramBitsPerByte",
            "digits accuracy",
            "digits form");
    assertThat(events.scores.values()).allMatch(score -> score.samples() >= 20);
    assertThat(events.score("text unigramBitsPerByte")).isBetween(2.0, 5.0);
    assertThat(root.resolve("evaluation/evaluation/evaluation.json")).isRegularFile();
    assertSamplesGiveTheScores(root.resolve("evaluation/evaluation/samples.json"), events);
    assertThat(events.lines).containsExactly("started 0 of 1");
  }

  private static void assertSamplesGiveTheScores(Path file, RecordedEvents events)
      throws IOException {
    JsonNode kept = JsonMapper.shared().readTree(Files.readString(file)).path("samples");
    assertThat(kept).hasSize(4);
    for (JsonNode each : kept) {
      double values = 0;
      double sizes = 0;
      for (int i = 0; i < each.path("values").size(); i++) {
        values += each.path("values").path(i).asDouble();
        sizes += each.path("sizes").path(i).asDouble();
      }
      String what = each.path("task").asString() + " " + each.path("metric").asString();
      assertThat(values / sizes).as(what).isCloseTo(events.score(what), within(1e-9));
    }
  }
}
