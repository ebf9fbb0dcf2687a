package dev.modelflow.adapter;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelflow.audit.ArtifactAudit;
import dev.modelflow.domain.Digest;
import dev.modelflow.domain.StageKind;
import dev.modelflow.engine.checkpoint.CheckpointFolder;
import dev.modelflow.engine.model.ModelConfig;
import dev.modelflow.engine.model.Yarn;
import dev.modelflow.engine.stage.RecordedEvents;
import dev.modelflow.engine.stage.StageFailure;
import dev.modelflow.engine.stage.StageResult;
import dev.modelflow.engine.stage.StageResult.Done;
import dev.modelflow.engine.stage.StageResult.Stopped;
import dev.modelflow.engine.stage.StageSpec.Resume;
import dev.modelflow.engine.stage.Stages;
import dev.modelflow.engine.stage.ToyFlow;
import dev.modelflow.release.ReleaseStage;
import dev.modelflow.weights.Safetensors;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
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

  /** With all that a preset's name could not tell. */
  private static final ModelConfig MODEL =
      new ModelConfig(4, 16, 2, 1, 8, 24, 260, 48, 8, 10_000, new Yarn(2, 24), true, null);

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
  private static ToyFlow flow;
  private static OpenInstruct tool;

  @BeforeAll
  static void begin() throws Exception {
    flow = new ToyFlow(root);
    String pretrain =
        """
        {"mix": {"counting": 1}, "steps": 3, "rows": 4, "learningRate": 0.01}
        """;
    RecordedEvents start = new RecordedEvents();
    Stages.run(ToyFlow.with(MODEL, flow.spec(StageKind.PRETRAIN, pretrain, "base", null)), start);
    flow.inputs.put("checkpoint", start.checkpointAt(3));
    flow.inputs.put("weak", start.checkpointAt(3));
    tool = StandIn.checkout(root.resolve("checkout"));
  }

  /** What the stand-in was told. */
  private static JsonNode told(String name) throws Exception {
    Path file = root.resolve(name + "-files").resolve("told.json");
    return JsonMapper.shared().readTree(Files.readString(file));
  }

  private static StageResult run(
      StageKind kind,
      String parameters,
      String name,
      @Nullable Resume resume,
      RecordedEvents events)
      throws Exception {
    return run(kind, parameters, name, tool, resume, events);
  }

  private static StageResult run(
      StageKind kind,
      String parameters,
      String name,
      OpenInstruct program,
      @Nullable Resume resume,
      RecordedEvents events)
      throws Exception {
    Files.createDirectories(root.resolve(name));
    Path folder = Files.createDirectories(root.resolve(name + "-files"));
    OutsideDevice device = new OutsideDevice("cpu", 1, 1);
    return OpenInstructStage.run(
        flow.spec(kind, parameters, name, resume), device, program, folder, events);
  }

  @Test
  void preferenceTrainingMakesPairsAndGoesOnFromItsOwnState() throws Exception {
    RecordedEvents whole = new RecordedEvents();
    StageResult result = run(StageKind.DPO, DPO, "dpo", null, whole);

    assertThat(whole.checkpoints).containsOnlyKeys(3, 6, 8);
    assertThat(((Done) result).outputs()).containsOnlyKeys("preferences", "checkpoint");
    assertThat(Files.readAllLines(root.resolve("dpo/preferences/preferences.jsonl"))).hasSize(12);
    assertThat(whole.metric(4, "margin")).isEqualTo(3.5);
    CheckpointFolder last = new CheckpointFolder(whole.checkpointAt(8));
    assertThat(last.state().path("tokens").asLong()).isEqualTo(800);
    assertThat(last.state().path("precision").asString()).isEqualTo("bf16");
    assertThat(last.hasOptimizer()).isTrue();

    RecordedEvents rest = new RecordedEvents();
    run(StageKind.DPO, DPO, "dpo-again", new Resume(whole.checkpointAt(3), 3), rest);
    assertThat(rest.checkpoints).containsOnlyKeys(6, 8);
    assertSameWeights(rest.checkpointAt(8), whole.checkpointAt(8));
    assertThat(new CheckpointFolder(rest.checkpointAt(8)).state()).isEqualTo(last.state());
  }

  @Test
  void preferenceTrainingMakesTheCheckpointsModel() throws Exception {
    run(StageKind.DPO, DPO, "model", null, new RecordedEvents());

    assertThat(told("model").path("model"))
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
    StageResult result = run(StageKind.RLVR, RLVR, "rlvr", null, whole);

    assertThat(whole.checkpoints).containsOnlyKeys(2, 4, 6);
    assertThat(((Done) result).outputs()).containsOnlyKeys("checkpoint");
    assertThat(new CheckpointFolder(whole.checkpointAt(6)).hasOptimizer()).isFalse();
    assertThat(told("rlvr").path("ends").toString()).isEqualTo("[0,2]");

    RecordedEvents rest = new RecordedEvents();
    run(StageKind.RLVR, RLVR, "rlvr-again", new Resume(whole.checkpointAt(2), 2), rest);
    assertThat(rest.checkpoints).containsOnlyKeys(4, 6);
    assertSameWeights(rest.checkpointAt(6), whole.checkpointAt(6));
  }

  @Test
  void aModelInBf16AndSeveralFilesCanBeReleased() throws Exception {
    RecordedEvents events = new RecordedEvents();
    run(StageKind.RLVR, RLVR.replace("6,", "2,"), "shards", null, events);

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
    assertThat(Safetensors.readAll(weights))
        .usingRecursiveComparison()
        .isEqualTo(savedShards("shards", 2));
    ReleaseStage.run(
        Map.of("title", "tiny", "licence", "Apache-2.0"), checkpoint, AUDIT, root.resolve("out"));
    assertThat(root.resolve("out/release/model.safetensors")).hasSameBinaryContentAs(weights);
  }

  /** What the stand-in saved. */
  private static Map<String, float[]> savedShards(String name, int step) throws Exception {
    Map<String, float[]> tensors = new LinkedHashMap<>();
    try (Stream<Path> files = Files.walk(root.resolve(name + "-files/saved"))) {
      for (Path file : files.filter(it -> it.toString().endsWith(".safetensors")).toList()) {
        assertThat(file.getParent()).hasFileName("step_" + step);
        tensors.putAll(Safetensors.readAll(file));
      }
    }
    return tensors;
  }

  @Test
  void everyValueOfPreferenceTrainingBecomesAFlag() throws Exception {
    String values =
        """
        {"steps": 8, "pairs": 12, "heldOutPairs": 4, "batchPairs": 2, "maxNewTokens": 12,
         "learningRate": 0.003, "schedule": "cosine", "finalFraction": 0.1, "warmupSteps": 3,
         "weightDecay": 0.07, "beta": 3.5, "gradientClip": 0.6, "beta2": 0.999,
         "checkpointEvery": 5, "metricsEvery": 2}
        """;
    run(StageKind.DPO, values, "dpo-flags", null, new RecordedEvents());

    assertThat(flags("dpo-flags"))
        .containsExactly(
            "--model_name_or_path FILES/model",
            "--tokenizer_name_or_path FILES/model",
            "--learning_rate 0.003",
            "--lr_scheduler_type cosine",
            "--warmup_ratio 0.4375",
            "--weight_decay 0.07",
            "--seed 20",
            "--output_dir FILES/saved",
            "--push_to_hub false",
            "--try_auto_save_to_beaker false",
            "--exp_name dpo",
            "--mixer_list FILES/data.jsonl 1.0",
            "--max_seq_length 48",
            "--per_device_train_batch_size 1",
            "--gradient_accumulation_steps 2",
            "--max_train_steps 8",
            "--beta 3.5",
            "--loss_type dpo_norm",
            "--local_cache_dir FILES/cache",
            "--checkpointing_steps 5",
            "--keep_last_n_checkpoints -1",
            "--logging_steps 1",
            "--try_launch_beaker_eval_jobs false",
            "--max_grad_norm 0.6");
  }

  @Test
  void everyValueOfReinforcementBecomesAFlag() throws Exception {
    String values =
        """
        {"steps": 6, "promptsPerStep": 3, "groupSize": 5, "maxNewTokens": 12,
         "learningRate": 0.002, "schedule": "cosine", "finalFraction": 0, "warmupSteps": 1,
         "weightDecay": 0.03, "gradientClip": 0.7, "temperature": 0.9, "clipLow": 0.15,
         "clipHigh": 0.31, "importanceCap": 3, "samplingRounds": 2, "beta2": 0.999,
         "checkpointEvery": 3, "metricsEvery": 1}
        """;
    run(StageKind.RLVR, values, "rlvr-flags", null, new RecordedEvents());

    assertThat(flags("rlvr-flags"))
        .containsExactly(
            "--model_name_or_path FILES/model",
            "--tokenizer_name_or_path FILES/model",
            "--learning_rate 0.002",
            "--lr_scheduler_type cosine",
            "--warmup_ratio 0.25",
            "--weight_decay 0.03",
            "--seed 20",
            "--output_dir FILES/saved",
            "--push_to_hub false",
            "--try_auto_save_to_beaker false",
            "--dataset_mixer_list FILES/data.jsonl 1.0",
            "--dataset_mixer_list_splits train",
            "--dataset_local_cache_dir FILES/cache",
            "--max_prompt_token_length 36",
            "--response_length 12",
            "--pack_length 48",
            "--num_unique_prompts_rollout 3",
            "--num_samples_per_prompt_rollout 5",
            "--total_episodes 90",
            "--max_grad_norm 0.7",
            "--temperature 0.9",
            "--beta 0.0",
            "--load_ref_policy false",
            "--clip_lower 0.15",
            "--clip_higher 0.31",
            "--rho_clamp_upper_bound 3.0",
            "--apply_verifiable_reward true",
            "--local_eval_every -1",
            "--save_freq 3",
            "--checkpoint_state_freq 3",
            "--checkpoint_state_dir FILES/state",
            "--deepspeed_stage 3",
            "--active_sampling",
            "--single_gpu_mode",
            "--vllm_sync_backend gloo",
            "--vllm_gpu_memory_utilization 0.3");
  }

  /** The flags of a program, each with its values, and its files' folder in short. */
  private static List<String> flags(String name) throws Exception {
    String folder = root.resolve(name + "-files").toString();
    String all =
        told(name).path("flags").valueStream().map(JsonNode::asString).collect(joining(" "));
    return List.of(all.replace(folder, "FILES").split(" (?=--)"));
  }

  @Test
  void aStopMakesPreferenceTrainingWriteALastCheckpoint() throws Exception {
    RecordedEvents events = new RecordedEvents().stoppingAfter(4);
    StageResult result = run(StageKind.DPO, DPO.replace("8,", "500,"), "stopped", null, events);

    int step = ((Stopped) result).step();
    assertThat(step).isBetween(4, 499);
    assertThat(events.checkpointAt(step)).isDirectoryContaining("glob:**/outside");
  }

  @Test
  void aStopWhilePairsAreMadeStartsNothing() throws Exception {
    RecordedEvents events = new RecordedEvents().stoppingWhenAsked(2);
    assertThat(run(StageKind.DPO, DPO, "early", null, events)).isEqualTo(new Stopped(0));
    assertThat(Files.readAllLines(root.resolve("early/preferences/preferences.jsonl"))).isEmpty();
    assertThat(root.resolve("early-files")).isEmptyDirectory();
  }

  @Test
  void aLossThatIsNoNumberIsTheRecipesFault() throws Exception {
    OpenInstruct wishing = StandIn.checkout(root.resolve("wishing"), "nan-loss@6");
    RecordedEvents events = new RecordedEvents();

    assertThatThrownBy(() -> run(StageKind.DPO, DPO, "lost", wishing, null, events))
        .isInstanceOf(StageFailure.class)
        .hasMessage(
            "Stage dpo lost its footing: loss is NaN at step 6; lower learningRate (now 0.001)");
    assertThat(events.checkpoints).containsOnlyKeys(3);
  }

  @Test
  void pairsThatTheGpusCannotShareAreRefusedBeforeAnyIsMade() {
    OutsideDevice three = new OutsideDevice("cuda:0", 1, 3);
    Path folder = root.resolve("uneven-files");
    assertThatThrownBy(
            () ->
                OpenInstructStage.run(
                    flow.spec(StageKind.DPO, DPO, "uneven", null),
                    three,
                    tool,
                    folder,
                    new RecordedEvents()))
        .isInstanceOf(StageFailure.class)
        .hasMessage("stages.dpo.batchPairs is 4: use a multiple of the 3 GPUs");
    assertThat(root.resolve("uneven")).doesNotExist();
  }

  @Test
  void whatOpenInstructCannotBeToldIsRefused() {
    assertThatThrownBy(
            () ->
                run(StageKind.DPO, DPO.replace("0.999", "0.95"), "no", null, new RecordedEvents()))
        .isInstanceOf(StageFailure.class)
        .hasMessage("stages.dpo.beta2 is 0.95: use 0.999 with trainer open-instruct");
    assertThatThrownBy(
            () ->
                run(
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
