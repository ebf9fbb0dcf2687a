package dev.modelflow.adapter;

import dev.modelflow.engine.stage.StageEvents;
import dev.modelflow.engine.stage.StageResult;
import dev.modelflow.engine.stage.StageSpec;
import dev.modelflow.trainer.SpecReader;
import dev.modelflow.trainer.TrainerProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import tools.jackson.databind.JsonNode;

/**
 * A trainer of others as a trainer under docs/trainer-contract.md: {@code AdapterMain olmo-core
 * PYTHON SPEC.json}, where {@code PYTHON} is the interpreter that has OLMo-core.
 */
public final class AdapterMain {
  private AdapterMain() {}

  /** Runs the stage of the spec that the last argument names, and exits as the contract says. */
  public static void main(String[] arguments) {
    String trainer = arguments[0];
    String python = arguments[1];
    TrainerProgram.run(
        Arrays.copyOfRange(arguments, 2, arguments.length),
        (spec, events) -> train(trainer, python, spec, events));
  }

  private static StageResult train(String trainer, String python, Path file, StageEvents events)
      throws IOException {
    JsonNode tree = SpecReader.tree(file);
    StageSpec spec = SpecReader.stage(tree);
    OutsideDevice device =
        OutsideDevice.of(
            tree.path("device"),
            Objects.requireNonNullElse(System.getenv("CUDA_VISIBLE_DEVICES"), ""));
    Files.createDirectories(spec.output());
    Path folder = Files.createDirectories(spec.output().resolveSibling("outside"));
    return switch (trainer) {
      case "olmo-core" -> OlmoCoreStage.run(spec, device, python, folder, events);
      default ->
          throw new IllegalArgumentException("There is no adapter for trainer '" + trainer + "'");
    };
  }
}
