package dev.modelflow.trainer;

import dev.modelflow.engine.stage.StageEvents;
import dev.modelflow.engine.stage.StageResult;
import dev.modelflow.engine.stage.StageSpec;
import dev.modelflow.engine.stage.Stages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The engine as a trainer under docs/trainer-contract.md: {@code TrainerMain SPEC.json}. */
public final class TrainerMain {
  private TrainerMain() {}

  /** Runs the stage of the spec whose path is the only argument, and exits as the contract says. */
  public static void main(String[] arguments) {
    TrainerProgram.run(arguments, TrainerMain::train);
  }

  private static StageResult train(Path file, StageEvents events) throws IOException {
    StageSpec spec = SpecReader.read(file);
    Files.createDirectories(spec.output());
    return Stages.run(spec, events);
  }
}
