package dev.modelflow.bench;

import dev.modelflow.engine.stage.StageSpec;
import dev.modelflow.engine.stage.Stages;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

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

  /** From the fastest of some rounds of each; all of them waited. */
  Checkpoints measure() throws IOException {
    double without = Double.MAX_VALUE;
    double with = Double.MAX_VALUE;
    List<Double> waits = new ArrayList<>();
    for (int round = 0; round < ROUNDS; round++) {
      without = Math.min(without, run(stage).secondsOfAStep());
      StepTimes times = run(stage.withCheckpoints(EVERY));
      with = Math.min(with, times.secondsOfAStep());
      waits.addAll(times.waits(EVERY, STEPS - 1));
    }
    double added = (with - without) * (STEPS - 1) / COUNTED;
    return new Checkpoints(
        EVERY, 1000 * without, 1000 * mean(waits), 1000 * Collections.max(waits), 1000 * added);
  }

  private static double mean(List<Double> values) {
    return values.stream().mapToDouble(value -> value).average().orElseThrow();
  }

  private static StepTimes run(BenchStage stage) throws IOException {
    StageSpec spec = stage.spec();
    StepTimes times = new StepTimes();
    try {
      Stages.run(spec, times);
    } finally {
      WorkFolder.delete(spec.output());
    }
    return times;
  }
}
