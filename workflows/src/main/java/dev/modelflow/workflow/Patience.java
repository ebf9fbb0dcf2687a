package dev.modelflow.workflow;

import io.temporal.workflow.Workflow;
import java.time.Duration;

/**
 * How long a stage is tried for that makes no progress. What is away or full for a while comes
 * back; a trainer that fails by itself does so again. Code of a workflow: its time, its versions.
 */
final class Patience {
  /** Attempts that may fail by their trainer's doing without a new checkpoint between them. */
  static final int FRUITLESS_ATTEMPTS = 5;

  /** How long all attempts may fail without a new checkpoint, and be it by the platform's doing. */
  static final Duration FRUITLESS_TIME = Duration.ofMinutes(30);

  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

  private static final String CHANGE = "fruitless-time";
  private static final int ATTEMPTS_ALONE = Workflow.DEFAULT_VERSION;
  private static final int TIME_ALONE = 1;
  private static final int EITHER = 2;

  private long lastStep = -1;
  private int fruitless;
  private int byTrainer;
  private long failingSince;

  /**
   * Another attempt failed.
   *
   * @param step of the stage's last committed checkpoint; -1 if there is none
   */
  void failed(Blame blame, long step) {
    if (step > lastStep) {
      lastStep = step;
      fruitless = 0;
      byTrainer = 0;
    }
    if (fruitless == 0) {
      failingSince = Workflow.currentTimeMillis();
    }
    fruitless++;
    byTrainer += blame.trainer() ? 1 : 0;
  }

  /** Whether no further attempt is worth while. */
  boolean isOver() {
    if (fruitless < FRUITLESS_ATTEMPTS) {
      return false;
    }
    return switch (Workflow.getVersion(CHANGE, ATTEMPTS_ALONE, EITHER)) {
      case ATTEMPTS_ALONE -> true;
      case TIME_ALONE -> isLong();
      default -> isLong() || byTrainer >= FRUITLESS_ATTEMPTS;
    };
  }

  private boolean isLong() {
    return Workflow.currentTimeMillis() - failingSince >= FRUITLESS_TIME.toMillis();
  }

  /** How long to wait before the next attempt. */
  Duration pause() {
    Duration pause = Duration.ofSeconds(1L << Math.min(fruitless - 1, 10));
    return pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
  }
}
