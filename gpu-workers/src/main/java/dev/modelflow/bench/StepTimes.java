package dev.modelflow.bench;

import dev.modelflow.engine.evaluate.Score;
import dev.modelflow.engine.stage.StageEvents;
import java.nio.file.Path;
import java.util.Map;

/** Of a stage's events, when its first and its latest step were made. */
final class StepTimes implements StageEvents {
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

  @Override
  public boolean stopRequested() {
    return false;
  }

  @Override
  public void started(int step, int totalSteps) {}

  @Override
  public void metrics(int step, Map<String, Double> values) {}

  @Override
  public void checkpoint(int step, long tokens, Path folder) {}

  @Override
  public void evaluation(Score score) {}

  @Override
  public void log(String level, String message) {
    System.err.println(message);
  }
}
