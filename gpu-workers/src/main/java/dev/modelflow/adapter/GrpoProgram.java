package dev.modelflow.adapter;

import dev.modelflow.adapter.SavedSteps.Saved;
import dev.modelflow.engine.stage.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Open-instruct's {@code grpo_fast.py}: Ray, vLLM's engines and DeepSpeed's learners on the GPUs
 * that are shown. It leaves its model as a folder of Hugging Face's and the rest as DeepSpeed's
 * state.
 */
final class GrpoProgram implements OpenInstructProgram {
  private static final Pattern NAME = Pattern.compile("step_(\\d{1,9})");
  private static final String COMPLETE = ".checkpoint_complete";
  private static final String LATEST = "latest";

  /** A learner needs fewer GPUs than the engines that it waits for. */
  private static final int GPUS_A_LEARNER = 4;

  private final OpenInstructPlan plan;
  private final Set<Integer> known = new HashSet<>();
  private String state = "";

  GrpoProgram(OpenInstructPlan plan) {
    this.plan = plan;
  }

  @Override
  public List<String> launcher() {
    return List.of();
  }

  @Override
  public String file() {
    return plan.tool().program("grpo_fast.py");
  }

  @Override
  public List<String> flags() {
    Settings settings = plan.settings();
    int context = plan.start().model().context();
    int answer = settings.integer("maxNewTokens", 1);
    int group = settings.integer("groupSize", 1);
    int prompts = settings.integer("promptsPerStep", 1);
    OpenInstruct.Flags flags =
        plan.flags()
            .add("dataset_mixer_list", plan.data(), "1.0")
            .add("dataset_mixer_list_splits", "train")
            .add("dataset_local_cache_dir", plan.folder().resolve("cache"))
            .add("max_prompt_token_length", context - answer)
            .add("response_length", answer)
            .add("pack_length", context)
            .add("num_unique_prompts_rollout", prompts)
            .add("num_samples_per_prompt_rollout", group)
            .add("total_episodes", (long) plan.steps() * prompts * group)
            .add("max_grad_norm", settings.number("gradientClip", 0))
            .add("temperature", settings.number("temperature", 0))
            .add("beta", 0.0)
            .add("load_ref_policy", false)
            .add("clip_lower", settings.number("clipLow", 0))
            .add("clip_higher", settings.number("clipHigh", 0))
            .add("rho_clamp_upper_bound", settings.number("importanceCap", 0))
            .add("apply_verifiable_reward", true)
            .add("local_eval_every", -1)
            .add("save_freq", plan.checkpointEvery())
            .add("checkpoint_state_freq", plan.checkpointEvery())
            .add("checkpoint_state_dir", plan.state())
            .add("deepspeed_stage", 3);
    if (settings.integer("samplingRounds", 1) > 1) {
      flags.add("active_sampling");
    }
    return share(flags).list();
  }

  private OpenInstruct.Flags share(OpenInstruct.Flags flags) {
    int gpus = plan.device().processes();
    if (gpus == 1) {
      return flags
          .add("single_gpu_mode")
          .add("vllm_sync_backend", "gloo")
          .add("vllm_gpu_memory_utilization", 0.3);
    }
    int learners = Math.max(1, gpus / GPUS_A_LEARNER);
    return flags.add("num_learners_per_node", learners).add("vllm_num_engines", gpus - learners);
  }

  @Override
  public Map<String, String> environment() {
    return Map.of();
  }

  /** A model is saved before the state that goes with it, so a newer state means both are there. */
  @Override
  public List<Saved> saved() throws IOException {
    List<Saved> fresh = new ArrayList<>();
    Path latest = plan.state().resolve(LATEST);
    String now = Files.exists(latest) ? Files.readString(latest).strip() : "";
    if (now.equals(state) || now.isEmpty()) {
      return fresh;
    }
    for (Path models : folders(plan.output())) {
      for (Path each : folders(models)) {
        Matcher name = NAME.matcher(String.valueOf(each.getFileName()));
        if (name.matches() && Files.exists(each.resolve(COMPLETE))) {
          fresh.add(new Saved(Integer.parseInt(name.group(1)), each));
        }
      }
    }
    fresh.removeIf(it -> !known.add(it.step()));
    fresh.sort(Comparator.comparingInt(Saved::step));
    state = now;
    // The state is the newest model's; an older one beside it could not be gone on with.
    return fresh.isEmpty() ? fresh : List.of(fresh.getLast());
  }

  private static List<Path> folders(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> all = Files.list(folder)) {
      return all.filter(Files::isDirectory).sorted().toList();
    }
  }

  @Override
  public boolean isDistributed() {
    return false;
  }

  @Override
  public void takeState(Saved checkpoint, Path target) throws IOException {
    Files.createDirectories(target);
    Files.move(plan.state().resolve(state), target.resolve(state));
    Files.copy(
        plan.state().resolve(LATEST), target.resolve(LATEST), StandardCopyOption.REPLACE_EXISTING);
  }

  @Override
  public void giveState(Path source) throws IOException {
    OutsideFolders.copy(source, plan.state());
    state = Files.readString(plan.state().resolve(LATEST)).strip();
  }
}
