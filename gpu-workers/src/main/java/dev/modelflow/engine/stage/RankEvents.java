package dev.modelflow.engine.stage;

import dev.modelflow.engine.evaluate.Score;
import dev.modelflow.engine.ranks.Ranks;
import java.nio.file.Path;
import java.util.Map;

/**
 * What several ranks say as one: the leading rank speaks, and they stop after the same step,
 * whichever of them was asked to. All ranks call the same methods in the same order, but for signs
 * of life, which each gives for itself.
 */
public final class RankEvents implements StageEvents {
  private final StageEvents outside;
  private final Ranks ranks;

  /** The events of this rank. */
  public RankEvents(StageEvents outside, Ranks ranks) {
    this.outside = outside;
    this.ranks = ranks;
  }

  @Override
  public void prepares(int step, int totalSteps, long tokens) {
    if (ranks.leads()) {
      outside.prepares(step, totalSteps, tokens);
    }
  }

  @Override
  public void goesOn() {
    if (ranks.leads()) {
      outside.goesOn();
    }
  }

  @Override
  public void started(int step, int totalSteps) {
    if (ranks.leads()) {
      outside.started(step, totalSteps);
    }
  }

  @Override
  public void progress(int step, int totalSteps, long tokens, double tokensPerSecond) {
    if (ranks.leads()) {
      outside.progress(step, totalSteps, tokens, tokensPerSecond);
    }
  }

  @Override
  public void metrics(int step, Map<String, Double> values) {
    if (ranks.leads()) {
      outside.metrics(step, values);
    }
  }

  @Override
  public void checkpoint(int step, long tokens, Path folder) {
    if (ranks.leads()) {
      outside.checkpoint(step, tokens, folder);
    }
  }

  @Override
  public void heldUp(int step, double seconds) {
    if (ranks.leads()) {
      outside.heldUp(step, seconds);
    }
  }

  @Override
  public void evaluation(Score score) {
    if (ranks.leads()) {
      outside.evaluation(score);
    }
  }

  @Override
  public void log(String level, String message) {
    if (ranks.leads()) {
      outside.log(level, message);
    }
  }

  @Override
  public boolean stopRequested() {
    return ranks.any(outside.stopRequested());
  }
}
