package dev.modelflow.adapter;

import dev.modelflow.domain.TrainerName;
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
 * A trainer of others as a trainer under docs/trainer-contract.md: {@code AdapterMain TRAINER WHERE
 * SPEC.json}, where {@code WHERE} is the interpreter that has OLMo-core, or the checkout of
 * open-instruct.
 */
public final class AdapterMain {
  private AdapterMain() {}

  /** Runs the stage of the spec that the last argument names, and exits as the contract says. */
  public static void main(String[] arguments) {
    String trainer = arguments[0];
    String where = arguments[1];
    TrainerProgram.run(
        Arrays.copyOfRange(arguments, 2, arguments.length),
        (spec, events) -> train(trainer, where, spec, events));
  }

  private static StageResult train(String trainer, String where, Path file, StageEvents events)
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
      case TrainerName.OLMO_CORE -> OlmoCoreStage.run(spec, device, where, folder, events);
      case TrainerName.OPEN_INSTRUCT ->
          OpenInstructStage.run(spec, device, new OpenInstruct(Path.of(where)), folder, events);
      default ->
          throw new IllegalArgumentException("There is no adapter for trainer '" + trainer + "'");
    };
  }
}
