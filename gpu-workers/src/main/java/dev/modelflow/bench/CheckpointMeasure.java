package dev.modelflow.bench;

import dev.modelflow.engine.stage.StageSpec;
import dev.modelflow.engine.stage.Stages;
import java.io.IOException;

/**
 * Runs a stage with a checkpoint every few steps and the same stage without any by turns. The last
 * checkpoint of either falls behind the last step and does not count.
 */
final class CheckpointMeasure {
  private static final int EVERY = 3;
  private static final int COUNTED = 3;
  private static final int STEPS = EVERY * (COUNTED + 1);
  private static final int ROUNDS = 2;

  private final BenchStage stage;

  CheckpointMeasure(BenchStage stage) {
    this.stage = stage.withSteps(STEPS);
  }

  /** From the fastest of some rounds of each. */
  Checkpoints measure() throws IOException {
    double without = Double.MAX_VALUE;
    double with = Double.MAX_VALUE;
    for (int round = 0; round < ROUNDS; round++) {
      without = Math.min(without, secondsOfAStep(stage));
      with = Math.min(with, secondsOfAStep(stage.withCheckpoints(EVERY)));
    }
    double heldUp = (with - without) * (STEPS - 1) / COUNTED;
    return new Checkpoints(EVERY, 1000 * without, 1000 * Math.max(0, heldUp));
  }

  private static double secondsOfAStep(BenchStage stage) throws IOException {
    StageSpec spec = stage.spec();
    StepTimes times = new StepTimes();
    try {
      Stages.run(spec, times);
    } finally {
      WorkFolder.delete(spec.output());
    }
    return times.seconds() / times.steps();
  }
}
