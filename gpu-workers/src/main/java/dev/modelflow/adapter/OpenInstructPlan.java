package dev.modelflow.adapter;

import dev.modelflow.domain.OpenInstructValues;
import dev.modelflow.domain.TrainerName;
import dev.modelflow.engine.stage.Settings;
import dev.modelflow.engine.stage.StageSpec;
import dev.modelflow.engine.stage.StageStart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * What both programs of open-instruct are asked to do.
 *
 * @param model folder in Hugging Face's layout that the stage begins with
 * @param data JSON lines that it learns from
 * @param folder of the attempt's files
 */
record OpenInstructPlan(
    StageSpec spec,
    StageStart start,
    OpenInstruct tool,
    OutsideDevice device,
    Path model,
    Path data,
    Path folder) {
  Settings settings() {
    return spec.settings();
  }

  int steps() {
    return settings().integer("steps", 1);
  }

  int checkpointEvery() {
    return settings().integer("checkpointEvery", 1, steps());
  }

  Path output() {
    return folder.resolve("saved");
  }

  Path state() {
    return folder.resolve("state");
  }

  Path progressFile() {
    return folder.resolve("progress.jsonl");
  }

  Path stopFile() {
    return folder.resolve("stop");
  }

  /** As NumPy takes it. */
  long seed() {
    return spec.seed() % (1L << 32);
  }

  /** Writes what no flag tells, {@code stage.json}, and returns its path. */
  Path write() throws IOException {
    Map<String, @Nullable Object> stage = new LinkedHashMap<>();
    stage.put("model", OlmoCorePlan.model(start.model()));
    stage.put("rowLength", start.model().context());
    // Of an optimizer that the converter fills with moments and that never makes a step.
    stage.put(
        "optimizer", Map.of("learningRate", 0.0, "beta1", 0.9, "beta2", 0.999, "weightDecay", 0.0));
    stage.put("skipStep", null);
    stage.put("progressFile", progressFile().toString());
    stage.put("stopFile", stopFile().toString());
    stage.put("workFolder", Files.createDirectories(folder.resolve("work")).toString());
    return Files.write(folder.resolve("stage.json"), JsonMapper.shared().writeValueAsBytes(stage));
  }

  /** The warm-up as a share that the programs, which cut, make so many steps of again. */
  private double warmupRatio() {
    int warmup = settings().integer("warmupSteps", 0);
    return warmup == 0 ? 0 : (warmup + 0.5) / steps();
  }

  /** The flags that both programs have. */
  OpenInstruct.Flags flags() {
    return new OpenInstruct.Flags()
        .add("model_name_or_path", model)
        .add("tokenizer_name_or_path", model)
        .add("learning_rate", settings().number("learningRate", 0))
        .add("lr_scheduler_type", settings().text("schedule"))
        .add("warmup_ratio", warmupRatio())
        .add("weight_decay", settings().number("weightDecay", 0))
        .add("seed", seed())
        .add("output_dir", output())
        .add("push_to_hub", false)
        .add("try_auto_save_to_beaker", false);
  }

  /** Refuses what the programs have no flag for, so that nothing is silently without effect. */
  static void requireFollowed(StageSpec spec) {
    KeyCheck.require(spec, TrainerName.OPEN_INSTRUCT);
    Settings settings = spec.settings();
    OpenInstructValues.of(spec.kind(), settings.plain()).stream()
        .findFirst()
        .ifPresent(
            other -> {
              throw settings.wrong(
                  other.key(), other.value(), other.use() + " with trainer open-instruct");
            });
  }
}
