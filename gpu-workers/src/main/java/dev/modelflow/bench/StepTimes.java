package dev.modelflow.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Of a stage's events, when its steps were made and how long they waited for checkpoints. */
final class StepTimes extends ProgressOnly {
  private final Map<Integer, Double> heldUp = new TreeMap<>();
  private long first;
  private long latest;
  private int steps;

  /** Seconds of each step after the first, on average. */
  double secondsOfAStep() {
    return (latest - first) / 1e9 / (steps - 1);
  }

  /**
   * Seconds that training waited for each of the checkpoints that there are after so many steps
   * each, up to step {@code last}: after its own step, up to that of the next, which waits until
   * this one is written and hands over as this one did.
   */
  List<Double> waits(int every, int last) {
    List<Double> waits = new ArrayList<>();
    for (int at = every; at <= last; at += every) {
      double seconds = 0;
      for (int step = at + 1; step <= at + every; step++) {
        seconds += heldUp.getOrDefault(step, 0.0);
      }
      waits.add(seconds);
    }
    return waits;
  }

  @Override
  public void progress(int step, int totalSteps, long tokens, double tokensPerSecond) {
    latest = System.nanoTime();
    if (steps++ == 0) {
      first = latest;
    }
  }

  @Override
  public void heldUp(int step, double seconds) {
    heldUp.merge(step, seconds, Double::sum);
  }
}
