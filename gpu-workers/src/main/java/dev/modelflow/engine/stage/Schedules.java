package dev.modelflow.engine.stage;

import dev.modelflow.engine.optim.Curve;
import dev.modelflow.engine.optim.LearningRate;

/** Reads a stage's learning rate from its parameters. */
final class Schedules {
  private Schedules() {}

  /** The recipe's words. */
  private enum Word {
    COSINE,
    HALF_COSINE,
    LINEAR,
    WSD,
    CONSTANT
  }

  static LearningRate of(Settings settings) {
    int steps = settings.integer("steps", 1);
    int end = settings.integer("scheduleSteps", 1, steps);
    if (end < steps) {
      throw settings.wrong("scheduleSteps", end, "at least the stage's " + steps + " steps");
    }
    int warmup = settings.integer("warmupSteps", 0);
    if (warmup > end) {
      throw settings.wrong("warmupSteps", warmup, "at most the schedule's " + end + " steps");
    }
    return new LearningRate(
        curve(settings),
        settings.number("learningRate", 0),
        settings.number("finalLearningRate", 0),
        warmup,
        end,
        steps);
  }

  private static Curve curve(Settings settings) {
    return switch (settings.choice("schedule", Word.class)) {
      case COSINE -> new Curve.Cosine();
      case HALF_COSINE -> new Curve.HalfCosine();
      case LINEAR -> new Curve.Linear();
      case WSD -> new Curve.Stable(settings.integer("decaySteps", 1));
      case CONSTANT -> new Curve.Constant();
    };
  }
}
