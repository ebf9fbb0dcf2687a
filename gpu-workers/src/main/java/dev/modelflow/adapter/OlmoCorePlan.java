package dev.modelflow.adapter;

import dev.modelflow.domain.FailureClass;
import dev.modelflow.domain.TrainerName;
import dev.modelflow.engine.model.ModelConfig;
import dev.modelflow.engine.model.Yarn;
import dev.modelflow.engine.stage.GuardState;
import dev.modelflow.engine.stage.Settings;
import dev.modelflow.engine.stage.StageFailure;
import dev.modelflow.engine.stage.StageSpec;
import dev.modelflow.engine.stage.StageStart;
import dev.modelflow.engine.stage.StageState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * What OLMo-core is asked to do: {@code stage.json}, from which {@code olmo_core_stage.py} builds
 * its configurations.
 *
 * @param guardBefore what a guard that skips steps remembers at the attempt's beginning
 * @param folder of the attempt's files
 */
record OlmoCorePlan(
    StageSpec spec,
    StageStart start,
    GuardState guardBefore,
    int rowLength,
    OutsideDevice device,
    Path folder) {
  /** Refuses what OLMo-core would not be told of, so that no key is silently without effect. */
  void requireFollowed() {
    if (start.model().experts() != null) {
      throw new StageFailure(
          FailureClass.RECIPE,
          "Stage %s has a model with experts, which trainer olmo-core is not told of: train with modelflow"
              .formatted(spec.stage()));
    }
    RotaryCheck.require(spec, start.model(), TrainerName.OLMO_CORE);
    KeyCheck.require(spec, TrainerName.OLMO_CORE);
    StageState.requireSchedule(spec);
  }

  int steps() {
    return spec.settings().integer("steps", 1);
  }

  int rows() {
    return spec.settings().integer("rows", 1);
  }

  Path rowsFolder() {
    return folder.resolve("rows");
  }

  Path saveFolder() {
    return folder.resolve("saved");
  }

  Path progressFile() {
    return folder.resolve("progress.jsonl");
  }

  Path stopFile() {
    return folder.resolve("stop");
  }

  Path workFolder() {
    return folder.resolve("work");
  }

  /** Whether steps with unusual losses are skipped. */
  boolean guarded() {
    return isOn(spec.settings(), GuardState.KEY, "window");
  }

  /** What the guard remembers after a step whose checkpoint is whole. */
  GuardState guardAfter(int step) throws IOException {
    Path file = workFolder().resolve("guard-" + step + ".json");
    return GuardState.of(JsonMapper.shared().readTree(Files.readAllBytes(file)));
  }

  /** Writes {@code stage.json} and returns its path. */
  Path write() throws IOException {
    Settings settings = spec.settings();
    Map<String, @Nullable Object> stage = new LinkedHashMap<>();
    stage.put("model", model(start.model()));
    stage.put(
        "start",
        Map.of(
            "checkpoint", start.weights().toString(),
            "moments", start.moments(),
            "optimizerSteps", start.optimizerSteps()));
    stage.put("firstStep", start.step());
    stage.put("steps", steps());
    stage.put("scheduleSteps", settings.integer("scheduleSteps", 1, steps()));
    stage.put("rows", rows());
    stage.put("rowLength", rowLength);
    stage.put("microBatchTokens", positive(settings, "microBatchTokens"));
    stage.put(
        "optimizer",
        Map.of(
            "learningRate", settings.number("learningRate", 0),
            "beta1", settings.number("beta1", 0),
            "beta2", settings.number("beta2", 0),
            "weightDecay", settings.number("weightDecay", 0)));
    stage.put("schedule", schedule(settings));
    stage.put("gradientClip", settings.number("gradientClip", 0));
    stage.put("skipStep", guarded() ? guard(settings.block(GuardState.KEY)) : null);
    stage.put("zLoss", settings.number("zLoss", 0));
    stage.put("instanceFilter", instanceFilter(settings));
    stage.put("precision", precision(settings));
    stage.put("activationCheckpointing", settings.flag("activationCheckpointing", false));
    stage.put("checkpointEvery", positive(settings, "checkpointEvery"));
    stage.put("metricsEvery", settings.integer("metricsEvery", 1));
    stage.put("seed", spec.seed() % (1L << 32));
    stage.put("device", device.tree());
    stage.put("rowsFolder", rowsFolder().toString());
    stage.put("saveFolder", saveFolder().toString());
    stage.put("progressFile", progressFile().toString());
    stage.put("stopFile", stopFile().toString());
    stage.put("workFolder", Files.createDirectories(workFolder()).toString());
    return Files.write(folder.resolve("stage.json"), JsonMapper.shared().writeValueAsBytes(stage));
  }

  private static @Nullable Integer positive(Settings settings, String key) {
    return settings.has(key) ? settings.integer(key, 1) : null;
  }

  private static Map<String, @Nullable Object> schedule(Settings settings) {
    Map<String, @Nullable Object> schedule = new LinkedHashMap<>();
    schedule.put("curve", settings.text("schedule"));
    schedule.put("finalLearningRate", settings.number("finalLearningRate", 0));
    schedule.put("warmupSteps", settings.integer("warmupSteps", 0));
    schedule.put("decaySteps", positive(settings, "decaySteps"));
    return schedule;
  }

  private Map<String, Object> guard(Settings own) {
    return Map.of(
        "window", own.integer("window", 8),
        "deviations", own.number("deviations", 0),
        "losses", guardBefore.losses(),
        "gradientNorms", guardBefore.gradientNorms(),
        "skipped", guardBefore.skipped());
  }

  private static @Nullable Map<String, Object> instanceFilter(Settings settings) {
    if (!isOn(settings, "instanceFilter", "times")) {
      return null;
    }
    Settings own = settings.block("instanceFilter");
    return Map.of(
        "shortest", own.integer("shortest", 1),
        "longest", own.integer("longest", 1),
        "times", own.integer("times", 1));
  }

  /** As PyTorch calls it. */
  private static String precision(Settings settings) {
    return switch (settings.precision()) {
      case BF16 -> "bfloat16";
      case FLOAT32 -> "float32";
    };
  }

  private static boolean isOn(Settings settings, String block, String key) {
    return settings.has(block) && settings.block(block).integer(key, 0) > 0;
  }

  /** A model as our scripts have it. */
  static Map<String, @Nullable Object> model(ModelConfig model) {
    Map<String, @Nullable Object> keys = new LinkedHashMap<>();
    keys.put("layers", model.layers());
    keys.put("width", model.width());
    keys.put("heads", model.heads());
    keys.put("keyValueHeads", model.keyValueHeads());
    keys.put("headSize", model.headSize());
    keys.put("feedForward", model.feedForward());
    keys.put("vocabulary", model.vocabulary());
    keys.put("slidingWindow", model.slidingWindow());
    keys.put("ropeBase", model.ropeBase());
    keys.put("tied", model.tied());
    Yarn yarn = model.yarn();
    keys.put(
        "yarn",
        yarn == null
            ? null
            : Map.of("factor", yarn.factor(), "originalContext", yarn.originalContext()));
    return keys;
  }
}
