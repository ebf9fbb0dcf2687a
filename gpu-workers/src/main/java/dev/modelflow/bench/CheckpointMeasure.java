package dev.modelflow.bench;

import dev.modelflow.engine.stage.StageSpec;
import dev.modelflow.engine.stage.Stages;
import dev.modelflow.objects.Folders;
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
  private static final int ROUNDS = 2;

  /** How long a stage runs about, for its checkpoints to be as many as a mean needs. */
  private static final double SECONDS = 2;

  private static final int LEAST = 3;
  private static final int MOST = 40;

  private final BenchStage stage;

  CheckpointMeasure(BenchStage stage) {
    this.stage = stage;
  }

  /** From the fastest of some rounds of each; all of them waited. */
  Checkpoints measure() throws IOException {
    int counted = counted();
    int steps = EVERY * (counted + 1);
    return measure(stage.withSteps(steps), counted, steps - 1);
  }

  /** Of short steps, more: whatever interrupts one of them takes as much of it as of a long one. */
  private int counted() throws IOException {
    double step = run(stage.withSteps(EVERY * (LEAST + 1))).secondsOfAStep();
    return Math.clamp(Math.round(SECONDS / (EVERY * step)), LEAST, MOST);
  }

  private static Checkpoints measure(BenchStage stage, int counted, int last) throws IOException {
    double without = Double.MAX_VALUE;
    double with = Double.MAX_VALUE;
    List<Double> waits = new ArrayList<>();
    for (int round = 0; round < ROUNDS; round++) {
      without = Math.min(without, run(stage).secondsOfAStep());
      StepTimes times = run(stage.withCheckpoints(EVERY));
      with = Math.min(with, times.secondsOfAStep());
      waits.addAll(times.waits(EVERY, last));
    }
    double added = (with - without) * last / counted;
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
      Folders.delete(spec.output());
    }
    return times;
  }
}
