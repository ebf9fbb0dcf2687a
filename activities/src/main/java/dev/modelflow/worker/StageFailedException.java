package dev.modelflow.worker;

import dev.modelflow.domain.FailureClass;

/** A stage cannot be done. */
public final class StageFailedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final FailureClass failureClass;
  private final boolean trainer;

  /**
   * A failure that {@code failureClass} can mend.
   *
   * @param message one sentence for the person who runs the flow: what was wrong, the value, what
   *     to do
   */
  public StageFailedException(FailureClass failureClass, String message) {
    this(failureClass, false, message);
  }

  private StageFailedException(FailureClass failureClass, boolean trainer, String message) {
    super(message);
    this.failureClass = failureClass;
    this.trainer = trainer;
  }

  /**
   * A failure of the platform by its trainer's own doing, which trying often will not mend.
   *
   * @param message one sentence for the person who runs the flow
   */
  public static StageFailedException ofTrainer(String message) {
    return new StageFailedException(FailureClass.PLATFORM, true, message);
  }

  /** Whether the trainer failed by itself, with all that it needs there. */
  public boolean isTrainers() {
    return trainer;
  }

  /** Who can mend it. */
  public FailureClass failureClass() {
    return failureClass;
  }
}
