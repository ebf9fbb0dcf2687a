package dev.modelflow.adapter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelflow.audit.ArtifactAudit;
import dev.modelflow.domain.Digest;
import dev.modelflow.domain.StageKind;
import dev.modelflow.engine.checkpoint.CheckpointFolder;
import dev.modelflow.engine.stage.RecordedEvents;
import dev.modelflow.engine.stage.StageFailure;
import dev.modelflow.engine.stage.StageResult;
import dev.modelflow.engine.stage.StageResult.Done;
import dev.modelflow.engine.stage.StageResult.Stopped;
import dev.modelflow.engine.stage.StageSpec.Resume;
import dev.modelflow.release.ReleaseStage;
import dev.modelflow.weights.TensorFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** Open-instruct's programs behind the adapter, over a stand-in that speaks their files. */
class OpenInstructStageTest {
  private static final String DPO =
      """
      {"steps": 8, "pairs": 12, "heldOutPairs": 4, "batchPairs": 4, "maxNewTokens": 12,
       "learningRate": 0.001, "beta2": 0.999, "checkpointEvery": 3, "metricsEvery": 2}
      """;
  private static final String RLVR =
      """
      {"steps": 6, "promptsPerStep": 4, "groupSize": 8, "maxNewTokens": 12, "learningRate": 0.001,
       "beta2": 0.999, "checkpointEvery": 2, "metricsEvery": 1}
      """;

  private static final ArtifactAudit AUDIT =
      new ArtifactAudit(
          Digest.of("checkpoint"),
          "checkpoint",
          3,
          List.of(),
          List.of(),
          List.of(),
          List.of(),
          List.of());

  @TempDir private static Path root;
  private static OpenInstructRuns runs;

  @BeforeAll
  static void begin() throws IOException {
    runs = new OpenInstructRuns(root);
  }

  @Test
  void preferenceTrainingMakesPairsAndGoesOnFromItsOwnState() throws Exception {
    RecordedEvents whole = new RecordedEvents();
    StageResult result = runs.run(StageKind.DPO, DPO, "dpo", null, whole);

    assertThat(whole.checkpoints).containsOnlyKeys(3, 6, 8);
    assertThat(((Done) result).outputs()).containsOnlyKeys("preferences", "checkpoint");
    assertThat(Files.readAllLines(root.resolve("dpo/preferences/preferences.jsonl"))).hasSize(12);
    assertThat(whole.metric(4, "margin")).isEqualTo(3.5);
    CheckpointFolder last = new CheckpointFolder(whole.checkpointAt(8));
    assertThat(last.state().path("tokens").asLong()).isEqualTo(800);
    assertThat(last.state().path("precision").asString()).isEqualTo("bf16");
    assertThat(last.hasOptimizer()).isTrue();

    RecordedEvents rest = new RecordedEvents();
    runs.run(StageKind.DPO, DPO, "dpo-again", new Resume(whole.checkpointAt(3), 3), rest);
    assertThat(rest.checkpoints).containsOnlyKeys(6, 8);
    assertSameWeights(rest.checkpointAt(8), whole.checkpointAt(8));
    assertThat(new CheckpointFolder(rest.checkpointAt(8)).state()).isEqualTo(last.state());
  }

  @Test
  void preferenceTrainingMakesTheCheckpointsModel() throws Exception {
    runs.run(StageKind.DPO, DPO, "model", null, new RecordedEvents());

    assertThat(runs.told("model").path("model"))
        .isEqualTo(
            JsonMapper.shared()
                .readTree(
                    """
                    {"d_model": 16, "vocab_size": 260, "n_layers": 4, "n_heads": 2, "n_kv_heads": 1,
                     "head_dim": 8, "feed_forward": {"hidden_size": 24, "bias": false},
                     "rope_theta": 10000, "qk_norm": true, "layer_norm_eps": 1e-06,
                     "block_name": "reordered_norm", "attn_backend": "torch",
                     "tie_word_embeddings": true,
                     "sliding_window": {
                       "pattern": [8, 8, 8, -1], "force_full_attention_on_first_layer": false,
                       "force_full_attention_on_last_layer": true},
                     "rope_scaling": {"factor": 2.0, "old_context_len": 24}}
                    """));
  }

  @Test
  void reinforcementKeepsTheModelsAndGoesOnFromItsOwnState() throws Exception {
    RecordedEvents whole = new RecordedEvents();
    StageResult result = runs.run(StageKind.RLVR, RLVR, "rlvr", null, whole);

    assertThat(whole.checkpoints).containsOnlyKeys(2, 4, 6);
    assertThat(((Done) result).outputs()).containsOnlyKeys("checkpoint");
    assertThat(new CheckpointFolder(whole.checkpointAt(6)).hasOptimizer()).isFalse();
    assertThat(runs.told("rlvr").path("ends").toString()).isEqualTo("[0,2]");

    RecordedEvents rest = new RecordedEvents();
    runs.run(StageKind.RLVR, RLVR, "rlvr-again", new Resume(whole.checkpointAt(2), 2), rest);
    assertThat(rest.checkpoints).containsOnlyKeys(4, 6);
    assertSameWeights(rest.checkpointAt(6), whole.checkpointAt(6));
  }

  @Test
  void aModelInBf16AndSeveralFilesCanBeReleased() throws Exception {
    RecordedEvents events = new RecordedEvents();
    runs.run(StageKind.RLVR, RLVR.replace("6,", "2,"), "shards", null, events);

    Path checkpoint = events.checkpointAt(2);
    try (Stream<Path> files = Files.list(checkpoint)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder(
              "config.json",
              "model.safetensors",
              "outside",
              "tokenizer.json",
              "trainer_state.json");
    }
    Path weights = checkpoint.resolve("model.safetensors");
    assertThat(Files.readString(weights, StandardCharsets.ISO_8859_1))
        .contains("\"dtype\":\"F32\"")
        .doesNotContain("BF16");
    assertThat(TensorFiles.read(weights))
        .usingRecursiveComparison()
        .isEqualTo(savedShards("shards", 2));
    ReleaseStage.run(
        Map.of("title", "tiny", "licence", "Apache-2.0"), checkpoint, AUDIT, root.resolve("out"));
    assertThat(root.resolve("out/release/model.safetensors")).hasSameBinaryContentAs(weights);
  }

  /** What the stand-in saved. */
  private static Map<String, float[]> savedShards(String name, int step) throws Exception {
    try (Stream<Path> files = Files.walk(runs.files(name).resolve("saved"))) {
      List<Path> folders =
          files
              .filter(it -> it.toString().endsWith(".safetensors"))
              .map(Path::getParent)
              .distinct()
              .toList();
      assertThat(folders)
          .singleElement()
          .satisfies(it -> assertThat(it).hasFileName("step_" + step));
      return TensorFiles.readAll(folders.getFirst());
    }
  }

  @Test
  void aStopMakesPreferenceTrainingWriteALastCheckpoint() throws Exception {
    RecordedEvents events = new RecordedEvents().stoppingAfter(4);
    StageResult result =
        runs.run(StageKind.DPO, DPO.replace("8,", "500,"), "stopped", null, events);

    int step = ((Stopped) result).step();
    assertThat(step).isBetween(4, 499);
    assertThat(events.checkpointAt(step)).isDirectoryContaining("glob:**/outside");
  }

  @Test
  void aStopWhilePairsAreMadeStartsNothing() throws Exception {
    RecordedEvents events = new RecordedEvents().stoppingWhenAsked(2);
    assertThat(runs.run(StageKind.DPO, DPO, "early", null, events)).isEqualTo(new Stopped(0));
    assertThat(Files.readAllLines(root.resolve("early/preferences/preferences.jsonl"))).isEmpty();
    assertThat(runs.files("early")).isEmptyDirectory();
  }

  @Test
  void aLossThatIsNoNumberIsTheRecipesFault() throws Exception {
    OpenInstruct wishing = StandIn.checkout(root.resolve("wishing"), "nan-loss@6");
    RecordedEvents events = new RecordedEvents();

    assertThatThrownBy(() -> runs.run(StageKind.DPO, DPO, "lost", wishing, null, events))
        .isInstanceOf(StageFailure.class)
        .hasMessage(
            "Stage dpo lost its footing: loss is NaN at step 6; lower learningRate (now 0.001)");
    assertThat(events.checkpoints).containsOnlyKeys(3);
  }

  @Test
  void pairsThatTheGpusCannotShareAreRefusedBeforeAnyIsMade() {
    OutsideDevice three = new OutsideDevice("cuda:0", 1, 3);
    assertThatThrownBy(() -> runs.run(StageKind.DPO, DPO, "uneven", three))
        .isInstanceOf(StageFailure.class)
        .hasMessage("stages.dpo.batchPairs is 4: use a multiple of the 3 GPUs");
    assertThat(root.resolve("uneven")).doesNotExist();
  }

  @Test
  void whatOpenInstructCannotBeToldIsRefused() {
    assertThatThrownBy(
            () ->
                runs.run(
                    StageKind.DPO, DPO.replace("0.999", "0.95"), "no", null, new RecordedEvents()))
        .isInstanceOf(StageFailure.class)
        .hasMessage("stages.dpo.beta2 is 0.95: use 0.999 with trainer open-instruct");
    assertThatThrownBy(
            () ->
                runs.run(
                    StageKind.RLVR,
                    RLVR.replace("\"checkpointEvery\": 2", "\"checkpointEvery\": 4"),
                    "neither",
                    null,
                    new RecordedEvents()))
        .hasMessageContaining("checkpointEvery is 4: use a divisor of the 6 steps above 1");
  }

  private static void assertSameWeights(Path one, Path other) throws Exception {
    assertThat(Files.mismatch(one.resolve("model.safetensors"), other.resolve("model.safetensors")))
        .isEqualTo(-1);
  }
}
