package dev.modelflow.adapter;

import dev.modelflow.adapter.SavedSteps.Saved;
import dev.modelflow.engine.stage.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Open-instruct's {@code dpo.py}: its loss is DPO with length-normalised log-probabilities, its
 * trainer and its checkpoints are OLMo-core's.
 */
record DpoProgram(OpenInstructPlan plan, SavedSteps steps) implements OpenInstructProgram {
  private static final String EXPERIMENT = "dpo";

  DpoProgram(OpenInstructPlan plan) {
    this(plan, new SavedSteps(saved(plan), plan.start().step()));
  }

  /** The program saves in a folder of the experiment's name and the seed. */
  private static Path saved(OpenInstructPlan plan) {
    return plan.output().resolve(EXPERIMENT + "__" + plan.seed());
  }

  @Override
  public List<String> launcher() {
    return List.of(
        "-m",
        "torch.distributed.run",
        "--standalone",
        "--nproc-per-node=" + plan.device().processes());
  }

  @Override
  public String file() {
    return plan.tool().program("dpo.py");
  }

  @Override
  public List<String> flags() {
    Settings settings = plan.settings();
    OpenInstruct.Flags flags =
        plan.flags()
            .add("exp_name", EXPERIMENT)
            .add("mixer_list", plan.data(), "1.0")
            .add("max_seq_length", plan.start().model().context())
            .add("per_device_train_batch_size", 1)
            .add("gradient_accumulation_steps", pairs(settings) / plan.device().processes())
            .add("max_train_steps", plan.steps())
            .add("beta", settings.number("beta", 0))
            .add("loss_type", "dpo_norm")
            .add("local_cache_dir", plan.folder().resolve("cache"))
            .add("checkpointing_steps", plan.checkpointEvery())
            .add("keep_last_n_checkpoints", -1)
            .add("logging_steps", 1)
            .add("try_launch_beaker_eval_jobs", false);
    double clip = settings.number("gradientClip", 0);
    if (clip > 0) {
      flags.add("max_grad_norm", clip);
    }
    return flags.list();
  }

  /** Refuses a step's pairs that the GPUs cannot share evenly. */
  static void requireShared(Settings settings, OutsideDevice device) {
    int gpus = device.processes();
    if (pairs(settings) % gpus != 0) {
      throw settings.wrong("batchPairs", pairs(settings), "a multiple of the " + gpus + " GPUs");
    }
  }

  private static int pairs(Settings settings) {
    return settings.integer("batchPairs", 1);
  }

  @Override
  public Map<String, String> environment() {
    return Map.of("REFERENCE_LOGPROBS_CACHE_PATH", plan.folder().resolve("reference").toString());
  }

  @Override
  public List<Saved> saved() throws IOException {
    return steps.next();
  }

  @Override
  public boolean isDistributed() {
    return true;
  }

  @Override
  public void takeState(Saved checkpoint, Path target) throws IOException {
    Files.createDirectories(target);
    Files.move(
        checkpoint.folder(), target.resolve(String.valueOf(checkpoint.folder().getFileName())));
  }

  @Override
  public void giveState(Path source) throws IOException {
    OutsideFolders.copy(source, saved(plan));
  }
}
