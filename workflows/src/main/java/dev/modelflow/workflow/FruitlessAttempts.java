package dev.modelflow.workflow;

import io.temporal.workflow.Workflow;
import java.time.Duration;

/**
 * The attempts at a stage that failed without a new checkpoint between them, and when to give up.
 * What is away or full for a while comes back; a trainer that fails by itself does so again. Code
 * of a workflow: its time, its versions.
 */
final class FruitlessAttempts {
  /** Attempts that may fail by their trainer's doing without a new checkpoint between them. */
  static final int MOST = 5;

  /** How long all attempts may fail without a new checkpoint, and be it by the platform's doing. */
  static final Duration LONGEST = Duration.ofMinutes(30);

  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

  private static final String CHANGE = "fruitless-time";
  private static final int ATTEMPTS_ALONE = Workflow.DEFAULT_VERSION;
  private static final int TIME_ALONE = 1;
  private static final int EITHER = 2;

  private long lastStep = -1;
  private int count;
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
      count = 0;
      byTrainer = 0;
    }
    if (count == 0) {
      failingSince = Workflow.currentTimeMillis();
    }
    count++;
    byTrainer += blame.trainer() ? 1 : 0;
  }

  /** Whether no further attempt is worth while. */
  boolean suffice() {
    if (count < MOST) {
      return false;
    }
    return switch (Workflow.getVersion(CHANGE, ATTEMPTS_ALONE, EITHER)) {
      case ATTEMPTS_ALONE -> true;
      case TIME_ALONE -> isLong();
      default -> isLong() || byTrainer >= MOST;
    };
  }

  private boolean isLong() {
    return Workflow.currentTimeMillis() - failingSince >= LONGEST.toMillis();
  }

  /** How long to wait before the next attempt. */
  Duration pause() {
    Duration pause = Duration.ofSeconds(1L << Math.min(count - 1, 10));
    return pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
  }
}
