package dev.modelflow.parity;

import dev.modelflow.domain.StagePlan;
import dev.modelflow.parity.OutsideRun.Meddler;
import dev.modelflow.pool.TrainerSetup;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Runs the stages of a toy flow, each in a folder of its own.
 *
 * @param folder of all of them
 * @param parameters in the place of the flow's own
 */
record OutsideStages(Path folder, OutsideToy toy, Map<String, Object> parameters) {
  /** The stages as the flow has them. */
  OutsideStages(Path folder, OutsideToy toy) {
    this(folder, toy, Map.of());
  }

  /** The same stages with linear layers in this precision. */
  OutsideStages in(String precision) {
    return new OutsideStages(folder, toy, Map.of("precision", precision));
  }

  /** One way to run a stage: the trainer, and what it computes on. */
  record Way(String name, TrainerSetup trainer, String device, Map<String, Object> more) {
    Way(String name, TrainerSetup trainer, String device) {
      this(name, trainer, device, Map.of());
    }

    /** The same under another name. */
    Way named(String other) {
      return new Way(other, trainer, device, more);
    }

    /** The same with more keys in its spec. */
    Way with(String other, Map<String, Object> keys) {
      return new Way(other, trainer, device, keys);
    }

    /** The same with more variables in its environment. */
    Way under(Map<String, String> variables) {
      return new Way(name, trainer.with(variables), device, more);
    }
  }

  /**
   * Runs a stage from its beginning to its end.
   *
   * @param before checkpoint that it begins with; null: none
   */
  OutsideRun run(Way way, String stage, @Nullable Path before)
      throws IOException, InterruptedException {
    return run(way, stage, before, null, Meddler.NONE);
  }

  /** Begins a stage and asks it to stop at once. */
  OutsideRun stopped(Way way, String stage, @Nullable Path before)
      throws IOException, InterruptedException {
    return run(way, stage, before, null, Meddler.STOPS);
  }

  /**
   * Runs a stage.
   *
   * @param before checkpoint that it begins with; null: none
   * @param resume checkpoint of its own that it goes on from, as {@link OutsideRun#resume}
   * @param killAt step whose checkpoint is the last that it may announce; 0: none
   */
  OutsideRun run(
      Way way,
      String stage,
      @Nullable Path before,
      @Nullable Map<String, Object> resume,
      int killAt)
      throws IOException, InterruptedException {
    return run(way, stage, before, resume, killAt > 0 ? Meddler.killsAt(killAt) : Meddler.NONE);
  }

  private OutsideRun run(
      Way way,
      String stage,
      @Nullable Path before,
      @Nullable Map<String, Object> resume,
      Meddler meddler)
      throws IOException, InterruptedException {
    StagePlan plan = toy.stage(stage);
    Map<String, Object> spec = new LinkedHashMap<>(way.more());
    Map<String, String> inputs = toy.inputs(stage);
    if (before != null) {
      inputs.put("checkpoint", before.toString());
      inputs.replace("weak", before.toString());
    }
    spec.put("contract", 1);
    spec.put("run", "toy");
    spec.put("stage", stage);
    spec.put("kind", plan.kind().word());
    spec.put("epoch", 1);
    spec.put("seed", plan.seed());
    spec.put("model", toy.plan().model());
    Map<String, Object> filled = new LinkedHashMap<>(plan.parameters());
    filled.putAll(parameters);
    spec.put("parameters", filled);
    Object precision = filled.getOrDefault("precision", "float32");
    spec.put("device", Map.of("kind", way.device(), "threads", 1, "precision", precision));
    spec.put("inputs", inputs);
    if (resume != null) {
      spec.put("resume", resume);
    }
    Path own = folder.resolve(stage + "-" + way.name());
    return OutsideRun.of(way.trainer(), way.device(), own, spec, meddler);
  }
}
