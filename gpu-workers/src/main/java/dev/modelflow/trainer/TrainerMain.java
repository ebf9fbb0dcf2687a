package dev.modelflow.trainer;

import dev.modelflow.domain.FailureClass;
import dev.modelflow.engine.ranks.Ranks;
import dev.modelflow.engine.ranks.Rendezvous;
import dev.modelflow.engine.stage.RankEvents;
import dev.modelflow.engine.stage.StageEvents;
import dev.modelflow.engine.stage.StageFailure;
import dev.modelflow.engine.stage.StageResult;
import dev.modelflow.engine.stage.StageSpec;
import dev.modelflow.engine.stage.Stages;
import dev.modelflow.engine.tensor.Device;
import dev.modelflow.engine.tensor.LibTorch;
import dev.modelflow.engine.tensor.NoDeviceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The engine as a trainer under docs/trainer-contract.md, or one of several ranks that are one:
 * {@code TrainerMain SPEC.json}.
 */
public final class TrainerMain {
  private TrainerMain() {}

  /** Runs the stage of the spec whose path is the only argument, and exits as the contract says. */
  public static void main(String[] arguments) {
    TrainerProgram.run(arguments, TrainerMain::train);
  }

  private static StageResult train(Path file, StageEvents events) throws IOException {
    SpecReader.Asked asked = SpecReader.read(file);
    start(asked.device());
    Files.createDirectories(asked.stage().output());
    Rendezvous ranks = asked.ranks();
    return ranks == null
        ? Stages.run(asked.stage(), events)
        : together(asked.stage(), ranks, events);
  }

  private static void start(Device device) {
    try {
      LibTorch.start(device);
    } catch (NoDeviceException e) {
      throw new StageFailure(FailureClass.PLATFORM, String.valueOf(e.getMessage()), e);
    }
  }

  /** One rank's part. */
  private static StageResult together(StageSpec stage, Rendezvous place, StageEvents events)
      throws IOException {
    try (Ranks ranks = Ranks.meet(place)) {
      StageResult result = Stages.run(stage.with(ranks), new RankEvents(events, ranks));
      ranks.await();
      return result;
    }
  }
}
