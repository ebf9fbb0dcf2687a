package dev.modelflow.adapter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelflow.domain.StageKind;
import dev.modelflow.engine.checkpoint.CheckpointFolder;
import dev.modelflow.engine.model.ModelConfig;
import dev.modelflow.engine.stage.GuardState;
import dev.modelflow.engine.stage.RecordedEvents;
import dev.modelflow.engine.stage.StageFailure;
import dev.modelflow.engine.stage.StageResult;
import dev.modelflow.engine.stage.StageResult.Done;
import dev.modelflow.engine.stage.StageSpec.Resume;
import dev.modelflow.engine.stage.StageStart;
import dev.modelflow.engine.stage.Stages;
import dev.modelflow.engine.stage.ToyFlow;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What OLMo-core is asked for each kind of stage, and what comes of a stand-in that is asked. */
class OlmoCoreStageTest {
  private static final String GUARDED =
      """
      {"mix": {"counting": 1}, "steps": 12, "rows": 4, "learningRate": 0.01, "schedule": "wsd",
       "decayFraction": 0.25, "warmupSteps": 2, "scheduleSteps": 16, "gradientClip": 0,
       "microBatchTokens": 96, "precision": "bf16", "activationCheckpointing": true,
       "skipStep": {"window": 8, "deviations": 2.5}, "checkpointEvery": 6, "metricsEvery": 6,
       "instanceFilter": {"shortest": 1, "longest": 13, "times": 32}}
      """;

  @TempDir private static Path root;
  private static ToyFlow flow;

  @BeforeAll
  static void begin() throws Exception {
    flow = new ToyFlow(root);
    String pretrain =
        """
        {"mix": {"counting": 1}, "steps": 3, "rows": 4, "learningRate": 0.01}
        """;
    RecordedEvents start = new RecordedEvents();
    Stages.run(flow.spec(StageKind.PRETRAIN, pretrain, "base", null), start);
    flow.inputs.put("checkpoint", start.checkpointAt(3));
    Files.writeString(start.checkpointAt(3).resolve("generation_config.json"), "{}");
  }

  private static StageResult run(
      StageKind kind,
      String parameters,
      String name,
      @Nullable Resume resume,
      RecordedEvents events)
      throws Exception {
    Files.createDirectories(root.resolve(name));
    return OlmoCoreStage.run(
        flow.spec(kind, parameters, name, resume),
        new OutsideDevice("cpu", 1, 1),
        StandIn.PYTHON.toString(),
        Files.createDirectories(files(name)),
        events);
  }

  private static Path files(String name) {
    return root.resolve(name + "-files");
  }

  /** What the stage of this name was told. */
  private static JsonNode told(String name) throws Exception {
    return JsonMapper.shared().readTree(Files.readString(files(name).resolve("stage.json")));
  }

  @Test
  void everyKeyOfPretrainingIsPassedOn() throws Exception {
    run(StageKind.PRETRAIN, GUARDED, "keys", null, new RecordedEvents());

    JsonNode told = told("keys");
    assertThat(told.path("start").path("moments").asBoolean()).isFalse();
    assertThat(told.path("steps").asInt()).isEqualTo(12);
    assertThat(told.path("scheduleSteps").asInt()).isEqualTo(16);
    assertThat(told.path("schedule"))
        .isEqualTo(
            tree(
                """
                {"curve": "wsd", "finalLearningRate": 0.001, "warmupSteps": 2, "decaySteps": 4}
                """));
    assertThat(told.path("skipStep"))
        .isEqualTo(
            tree(
                """
                {"window": 8, "deviations": 2.5, "losses": [], "gradientNorms": [], "skipped": 0}
                """));
    assertThat(told.path("instanceFilter"))
        .isEqualTo(tree("{\"shortest\": 1, \"longest\": 13, \"times\": 32}"));
    assertThat(told.path("gradientClip").asDouble()).isZero();
    assertThat(told.path("microBatchTokens").asInt()).isEqualTo(96);
    assertThat(told.path("precision").asString()).isEqualTo("bfloat16");
    assertThat(told.path("activationCheckpointing").asBoolean()).isTrue();
  }

  @Test
  void aGuardIsAskedForOnlyWhereItIsOn() throws Exception {
    String off = GUARDED.replace("\"window\": 8", "\"window\": 0").replace("32}", "0}");
    RecordedEvents events = new RecordedEvents();
    run(StageKind.PRETRAIN, off.replace("bf16", "float32"), "off", null, events);

    JsonNode told = told("off");
    assertThat(told.path("skipStep").isNull()).isTrue();
    assertThat(told.path("instanceFilter").isNull()).isTrue();
    assertThat(told.path("precision").asString()).isEqualTo("float32");
    assertThat(state(events.checkpointAt(12)).has(GuardState.KEY)).isFalse();
  }

  @Test
  void whatTheGuardRemembersIsPartOfACheckpoint() throws Exception {
    RecordedEvents whole = new RecordedEvents();
    run(StageKind.PRETRAIN, GUARDED, "whole", null, whole);

    JsonNode half = state(whole.checkpointAt(6));
    assertThat(GuardState.of(half.path(GuardState.KEY)).losses()).hasSize(6);
    JsonNode last = state(whole.checkpointAt(12));
    GuardState guard = GuardState.of(last.path(GuardState.KEY));
    assertThat(guard.gradientNorms()).hasSize(8);
    assertThat(guard.skipped()).isEqualTo(2);
    assertThat(last.path("optimizerSteps").asInt()).isEqualTo(10);
    assertThat(whole.metric(6, "skippedSteps")).isEqualTo(1);

    RecordedEvents rest = new RecordedEvents();
    run(StageKind.PRETRAIN, GUARDED, "rest", new Resume(whole.checkpointAt(6), 6), rest);
    assertThat(told("rest").path("skipStep").path("skipped").asInt()).isEqualTo(1);
    assertThat(state(rest.checkpointAt(12))).isEqualTo(last);
  }

  /** Whose shape no recipe knows, as of an imported one. */
  @Test
  void aModelThatItWouldStretchOtherwiseIsRefused() {
    ModelConfig model = new ModelConfig(1, 16, 4, 8, 260, 1024, 8, 10_000, null).extended(2);
    OlmoCorePlan plan =
        new OlmoCorePlan(
            flow.spec(StageKind.PRETRAIN, GUARDED, "small", null),
            new StageStart(model, root, root, false, 0, 0, 0),
            GuardState.NOTHING,
            48,
            new OutsideDevice("cpu", 1, 1),
            root);
    assertThatThrownBy(plan::requireFollowed)
        .isInstanceOf(StageFailure.class)
        .hasMessageStartingWith(
            "Stage pretrain: trainer 'olmo-core' stretches a context of 1024 with heads of size 4 ");
  }

  @Test
  void midtrainingGoesOnWithMoments() throws Exception {
    String parameters =
        """
        {"mix": {"counting": 1, "words": 1}, "steps": 5, "rows": 2, "learningRate": 0.01,
         "schedule": "half-cosine"}
        """;
    CheckpointFolder last = trained(StageKind.MIDTRAIN, parameters, 5);

    JsonNode told = told("midtrain");
    assertThat(told.path("start"))
        .isEqualTo(
            tree(
                "{\"checkpoint\": \"%s\", \"moments\": true, \"optimizerSteps\": 3}"
                    .formatted(flow.inputs.get("checkpoint"))));
    assertThat(told.path("schedule").path("curve").asString()).isEqualTo("half-cosine");
    assertThat(told.path("rowLength").asInt()).isEqualTo(ToyFlow.MODEL.context());
    assertThat(told.path("model").path("yarn").isNull()).isTrue();
    assertThat(last.state().path("optimizerSteps").asInt()).isEqualTo(8);
    assertThat(last.path().resolve("generation_config.json")).hasContent("{}");
  }

  @Test
  void aLongerContextIsToldWithItsYarn() throws Exception {
    String parameters =
        """
        {"mix": {"words": 1}, "steps": 4, "rows": 2, "contextFactor": 2, "learningRate": 0.01}
        """;
    CheckpointFolder last = trained(StageKind.LONG_CONTEXT, parameters, 4);

    int context = ToyFlow.MODEL.context();
    JsonNode told = told("long-context");
    assertThat(told.path("rowLength").asInt()).isEqualTo(2 * context);
    assertThat(told.path("model").path("yarn"))
        .isEqualTo(tree("{\"factor\": 2.0, \"originalContext\": %d}".formatted(context)));
    assertThat(told.path("start").path("moments").asBoolean()).isTrue();
    assertThat(last.model().context()).isEqualTo(2 * context);
  }

  @Test
  void supervisedTuningBeginsWithNewMomentsAndReadsConversations() throws Exception {
    String parameters =
        """
        {"steps": 4, "rows": 2, "rowLength": 32, "learningRate": 0.01}
        """;
    CheckpointFolder last = trained(StageKind.SFT, parameters, 4);

    JsonNode told = told("sft");
    assertThat(told.path("start").path("moments").asBoolean()).isFalse();
    assertThat(told.path("rowLength").asInt()).isEqualTo(32);
    assertThat(told.path("schedule").path("curve").asString()).isEqualTo("linear");
    assertThat(told.path("instanceFilter").isNull()).isTrue();
    assertThat(last.state().path("optimizerSteps").asInt()).isEqualTo(4);
    assertThat(last.state().path("dataOrder").path(0).path("steps").asInt()).isEqualTo(4);
  }

  @Test
  void aScheduleThatIsNoneIsRefusedBeforeAnythingStarts() {
    String parameters =
        """
        {"mix": {"words": 1}, "steps": 4, "rows": 2, "learningRate": 0.01, "warmupSteps": 9}
        """;
    assertThatThrownBy(
            () -> run(StageKind.MIDTRAIN, parameters, "refused", null, new RecordedEvents()))
        .isInstanceOf(StageFailure.class)
        .hasMessageContaining("warmupSteps is 9");
    assertThat(files("refused").resolve("stage.json")).doesNotExist();
  }

  /** The last checkpoint of a stage, which is also its output. */
  private static CheckpointFolder trained(StageKind kind, String parameters, int steps)
      throws Exception {
    RecordedEvents events = new RecordedEvents();
    StageResult result = run(kind, parameters, kind.word(), null, events);
    assertThat(((Done) result).outputs()).containsOnlyKeys("checkpoint");
    CheckpointFolder last = new CheckpointFolder(events.checkpointAt(steps));
    assertThat(last.hasOptimizer()).isTrue();
    assertThat(last.state().path("kind").asString()).isEqualTo(kind.word());
    assertThat(last.state().path("step").asInt()).isEqualTo(steps);
    return last;
  }

  private static JsonNode state(Path checkpoint) throws Exception {
    return new CheckpointFolder(checkpoint).state();
  }

  private static JsonNode tree(String json) {
    return JsonMapper.shared().readTree(json);
  }
}
