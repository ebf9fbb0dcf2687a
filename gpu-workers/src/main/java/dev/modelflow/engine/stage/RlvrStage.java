package dev.modelflow.engine.stage;

import dev.modelflow.engine.optim.LearningRate;
import java.io.IOException;

/** Reinforcement learning with verifiable rewards, by the objective of Olmo 3. */
final class RlvrStage {
  private RlvrStage() {}

  static StageResult run(StageSpec spec, StageEvents events) throws IOException {
    try (Session session = new Session(spec, events)) {
      LearningRate rate = Schedules.of(spec.settings());
      return new TrainingLoop(session, events, rate).run(() -> new PolicySteps(session));
    }
  }
}
