package dev.modelflow.bench;

import dev.modelflow.engine.evaluate.Score;
import dev.modelflow.engine.stage.StageEvents;
import java.nio.file.Path;
import java.util.Map;

/** Of a stage's events, only its steps are heeded; what it logs goes to standard error. */
abstract class ProgressOnly implements StageEvents {
  @Override
  public boolean stopRequested() {
    return false;
  }

  @Override
  public void prepares(int step, int totalSteps, long tokens) {}

  @Override
  public void goesOn() {}

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
