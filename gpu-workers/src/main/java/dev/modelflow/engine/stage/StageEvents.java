package dev.modelflow.engine.stage;

import dev.modelflow.engine.evaluate.Score;
import dev.modelflow.engine.tensor.SignOfLife;
import java.nio.file.Path;
import java.util.Map;

/** What a stage tells the outside while it works; the trainer contract says what each means. */
public interface StageEvents extends SignOfLife {
  /** What signs of life say until there is progress: work will begin after {@code step}. */
  void prepares(int step, int totalSteps, long tokens);

  /** Work begins after {@code step}. */
  void started(int step, int totalSteps);

  /** Steps made so far, and how fast tokens pass. */
  void progress(int step, int totalSteps, long tokens, double tokensPerSecond);

  /** Work goes on since the latest progress; said by any thread. */
  @Override
  void goesOn();

  /** Finite numbers at a step. */
  void metrics(int step, Map<String, Double> values);

  /** A checkpoint folder is complete; said by another thread than the rest. */
  void checkpoint(int step, long tokens, Path folder);

  /**
   * Training waited so long for checkpoints: with the one of this step while it was handed over to
   * be written, with the one before while it was copied. For whoever measures the engine; the
   * trainer contract has no event for it.
   */
  default void heldUp(int step, double seconds) {}

  /** One result of an evaluation. */
  void evaluation(Score score);

  /** A line for the run's events. */
  void log(String level, String message);

  /** Whether a stop was asked for. */
  boolean stopRequested();
}
