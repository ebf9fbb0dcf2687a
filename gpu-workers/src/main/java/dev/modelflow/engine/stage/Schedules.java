package dev.modelflow.engine.stage;

import dev.modelflow.engine.optim.LearningRate;
import dev.modelflow.engine.optim.LearningRate.Curve;

/** Reads a stage's learning rate from its parameters. */
final class Schedules {
  private Schedules() {}

  static LearningRate of(Settings settings) {
    int steps = settings.integer("steps", 1);
    int warmup = settings.integer("warmupSteps", 0);
    if (warmup > steps) {
      throw settings.wrong("warmupSteps", warmup, "at most the stage's " + steps + " steps");
    }
    return new LearningRate(
        settings.choice("schedule", Curve.class),
        settings.number("learningRate", 0),
        settings.number("finalLearningRate", 0),
        warmup,
        steps);
  }
}
