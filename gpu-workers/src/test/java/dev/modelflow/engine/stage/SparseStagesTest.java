package dev.modelflow.engine.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelflow.domain.StageKind;
import dev.modelflow.engine.checkpoint.CheckpointFolder;
import dev.modelflow.engine.model.Experts;
import dev.modelflow.engine.model.ModelConfig;
import dev.modelflow.engine.stage.StageSpec.Resume;
import dev.modelflow.objects.Digests;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** Stages of a model with experts. */
class SparseStagesTest {
  private static final Experts EXPERTS = new Experts(4, 2, 0.01, 0.001);
  private static final String PRETRAIN =
      """
      {"mix": {"counting": 0.7, "words": 0.3}, "steps": 30, "rows": 4, "learningRate": 0.01,
       "warmupSteps": 5, "weightDecay": 0.1, "checkpointEvery": 12, "metricsEvery": 10}
      """;

  @TempDir private Path root;
  private ToyFlow flow;

  @BeforeEach
  void makeInputs() throws Exception {
    flow = new ToyFlow(root);
  }

  private RecordedEvents run(
      StageKind kind, String parameters, String output, @Nullable Resume resume) throws Exception {
    RecordedEvents events = new RecordedEvents();
    StageResult result =
        Stages.run(with(EXPERTS, flow.spec(kind, parameters, output, resume)), events);
    assertThat(result).isInstanceOf(StageResult.Done.class);
    return events;
  }

  private static StageSpec with(Experts experts, StageSpec dense) {
    return ToyFlow.with(dense.model().withExperts(experts), dense);
  }

  @Test
  void pretrainingLearnsAndSaysHowTokensAreSpread() throws Exception {
    RecordedEvents events = run(StageKind.PRETRAIN, PRETRAIN, "a", null);
    assertThat(events.metric(30, "loss")).isLessThan(0.75 * events.metric(10, "loss"));
    assertThat(events.metric(30, "loadImbalance")).isBetween(1.0, 2.0);
    assertThat(events.metric(30, "idleExperts")).isZero();
    assertThat(events.metric(30, "balanceLoss")).isBetween(0.9, 2.0);
    assertThat(events.metric(30, "routerZLoss")).isPositive();
    ModelConfig model = new CheckpointFolder(events.checkpointAt(30)).model();
    assertThat(model).isEqualTo(ToyFlow.MODEL.withExperts(EXPERTS));
  }

  @Test
  void equalWorkHasEqualBytesAlsoWhenItWasResumed() throws Exception {
    RecordedEvents whole = run(StageKind.PRETRAIN, PRETRAIN, "a", null);
    RecordedEvents again = run(StageKind.PRETRAIN, PRETRAIN, "b", null);
    WrittenFolders.assertEqualBytes(again.checkpointAt(30), whole.checkpointAt(30));
    Resume resume = new Resume(whole.checkpointAt(12), 12);
    RecordedEvents rest = run(StageKind.PRETRAIN, PRETRAIN, "c", resume);
    WrittenFolders.assertEqualBytes(rest.checkpointAt(30), whole.checkpointAt(30));
    assertThat(rest.metric(30, "loadImbalance")).isEqualTo(whole.metric(30, "loadImbalance"));
  }

  @Test
  void activationCheckpointingChangesNoByte() throws Exception {
    RecordedEvents kept = run(StageKind.PRETRAIN, PRETRAIN, "a", null);
    RecordedEvents again = run(StageKind.PRETRAIN, ToyFlow.recomputing(PRETRAIN), "b", null);
    WrittenFolders.assertEqualBytes(again.checkpointAt(30), kept.checkpointAt(30));
    assertThat(again.metrics).isEqualTo(kept.metrics);
  }

  @Test
  void laterStagesGoOnWithTheExperts() throws Exception {
    flow.inputs.put("checkpoint", run(StageKind.PRETRAIN, PRETRAIN, "a", null).checkpointAt(30));
    String longer =
        """
        {"mix": {"words": 1}, "contextFactor": 4, "steps": 4, "rows": 1, "learningRate": 0.003,
         "checkpointEvery": 4}
        """;
    RecordedEvents context = run(StageKind.LONG_CONTEXT, longer, "long", null);
    assertThat(context.metric(4, "balanceLoss")).isPositive();
    flow.inputs.put("checkpoint", context.checkpointAt(4));
    String policy =
        """
        {"steps": 2, "promptsPerStep": 2, "groupSize": 4, "learningRate": 0.001,
         "reward": "random", "maxNewTokens": 4}
        """;
    RecordedEvents answers = run(StageKind.RLVR, policy, "rlvr", null);
    assertThat(answers.metrics.values())
        .allSatisfy(values -> assertThat(values).doesNotContainKey("balanceLoss"));
    assertThat(answers.metric(2, "loadImbalance")).isBetween(1.0, 2.0);
  }

  @Test
  void anImportMustSayOfTheModelHowManyExpertsItHas() throws Exception {
    Path published = run(StageKind.PRETRAIN, PRETRAIN, "a", null).checkpointAt(30);
    List<Map<String, String>> files = new ArrayList<>();
    for (String file : List.of("config.json", "model.safetensors", "tokenizer.json")) {
      files.add(Map.of("name", file, "sha256", Digests.of(published.resolve(file)).hex()));
    }
    String parameters =
        JsonMapper.shared()
            .writeValueAsString(Map.of("folder", published.toString(), "files", files));
    StageSpec spec = flow.spec(StageKind.IMPORT, parameters, "import", null);
    assertThatThrownBy(() -> Stages.run(spec, new RecordedEvents()))
        .hasMessageContaining("set model.experts.count to 4, set model.experts.perToken to 2");
    // What the routers' losses weigh is the recipe's to say.
    Experts heavier = new Experts(4, 2, 0.1, 0);
    Stages.run(with(heavier, spec), new RecordedEvents());
    assertThat(new CheckpointFolder(spec.output().resolve("checkpoint")).model().experts())
        .isEqualTo(heavier);
  }
}
