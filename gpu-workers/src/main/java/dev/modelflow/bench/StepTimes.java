package dev.modelflow.bench;

/** Of a stage's events, when its first and its latest step were made. */
final class StepTimes extends ProgressOnly {
  private long first;
  private long latest;
  private int steps;

  /** Seconds from the end of the first step to that of the latest. */
  double seconds() {
    return (latest - first) / 1e9;
  }

  /** Steps made in that time. */
  int steps() {
    return steps - 1;
  }

  @Override
  public void progress(int step, int totalSteps, long tokens, double tokensPerSecond) {
    latest = System.nanoTime();
    if (steps++ == 0) {
      first = latest;
    }
  }
}
