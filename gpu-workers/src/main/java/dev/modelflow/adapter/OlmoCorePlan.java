package dev.modelflow.adapter;

import dev.modelflow.domain.FailureClass;
import dev.modelflow.domain.TrainerName;
import dev.modelflow.engine.model.ModelConfig;
import dev.modelflow.engine.model.Yarn;
import dev.modelflow.engine.stage.Settings;
import dev.modelflow.engine.stage.StageFailure;
import dev.modelflow.engine.stage.StageSpec;
import dev.modelflow.engine.stage.StageStart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * What OLMo-core is asked to do: {@code stage.json}, from which {@code olmo_core_stage.py} builds
 * its configurations.
 *
 * @param folder of the attempt's files
 */
record OlmoCorePlan(
    StageSpec spec, StageStart start, int rowLength, OutsideDevice device, Path folder) {
  private static final Set<String> OWN_KEYS =
      Set.of(
          "mix",
          "firstMix",
          "firstSteps",
          "contextFactor",
          "rows",
          "rowLength",
          "zLoss",
          "embeddingDeviation",
          "linearDeviation",
          "outputNorm");
  private static final Set<String> SCHEDULES = Set.of("cosine", "linear", "constant");

  /** Refuses what OLMo-core would not be told of, so that no key is silently without effect. */
  void requireFollowed() {
    if (start.model().experts() != null) {
      throw new StageFailure(
          FailureClass.RECIPE,
          "Stage %s has a model with experts, which trainer olmo-core is not told of: train with modelflow"
              .formatted(spec.stage()));
    }
    FollowedKeys.require(spec, TrainerName.OLMO_CORE, OWN_KEYS);
    String schedule = spec.settings().text("schedule");
    if (!SCHEDULES.contains(schedule)) {
      throw spec.settings()
          .wrong("schedule", schedule, "cosine, linear or constant with trainer olmo-core");
    }
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
    stage.put("rows", rows());
    stage.put("rowLength", rowLength);
    stage.put(
        "optimizer",
        Map.of(
            "learningRate", settings.number("learningRate", 0),
            "beta1", settings.number("beta1", 0),
            "beta2", settings.number("beta2", 0),
            "weightDecay", settings.number("weightDecay", 0)));
    stage.put(
        "schedule",
        Map.of(
            "curve", settings.text("schedule"),
            "finalLearningRate", settings.number("finalLearningRate", 0),
            "warmupSteps", settings.integer("warmupSteps", 0)));
    stage.put("gradientClip", settings.number("gradientClip", 0));
    stage.put("zLoss", settings.number("zLoss", 0));
    stage.put(
        "checkpointEvery",
        settings.has("checkpointEvery") ? settings.integer("checkpointEvery", 1) : null);
    stage.put("metricsEvery", settings.integer("metricsEvery", 1));
    stage.put("seed", spec.seed() % (1L << 32));
    stage.put("device", device.tree());
    stage.put("rowsFolder", rowsFolder().toString());
    stage.put("saveFolder", saveFolder().toString());
    stage.put("progressFile", progressFile().toString());
    stage.put("stopFile", stopFile().toString());
    stage.put("workFolder", Files.createDirectories(folder.resolve("work")).toString());
    return Files.write(folder.resolve("stage.json"), JsonMapper.shared().writeValueAsBytes(stage));
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
