package dev.modelflow.adapter;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelflow.domain.StageKind;
import dev.modelflow.engine.stage.RecordedEvents;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** All that a recipe says as open-instruct's programs are told it. */
class OpenInstructFlagsTest {
  @TempDir private static Path root;
  private static OpenInstructRuns runs;

  @BeforeAll
  static void begin() throws IOException {
    runs = new OpenInstructRuns(root);
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
    runs.run(StageKind.DPO, values, "dpo-flags", null, new RecordedEvents());

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
    runs.run(StageKind.RLVR, values, "rlvr-flags", null, new RecordedEvents());

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
    String folder = runs.files(name).toString();
    String all =
        runs.told(name).path("flags").valueStream().map(JsonNode::asString).collect(joining(" "));
    return List.of(all.replace(folder, "FILES").split(" (?=--)"));
  }
}
