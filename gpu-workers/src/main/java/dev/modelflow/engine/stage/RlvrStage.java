package dev.modelflow.engine.stage;

import dev.modelflow.engine.optim.LearningRate;
import dev.modelflow.engine.optim.LearningRate.Curve;
import java.io.IOException;

/** Reinforcement learning with verifiable rewards, by the objective of Olmo 3. */
final class RlvrStage {
  private RlvrStage() {}

  static StageResult run(StageSpec spec, StageEvents events) throws IOException {
    try (Session session = new Session(spec)) {
      Settings settings = spec.settings();
      LearningRate rate = Schedules.of(settings, settings.integer("steps", 1), Curve.CONSTANT);
      return new TrainingLoop(session, events, rate).run(() -> new PolicySteps(session));
    }
  }
}
