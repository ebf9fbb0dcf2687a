package dev.modelflow.worker;

import dev.modelflow.domain.FailureClass;

/** A stage cannot be done. */
public final class StageFailedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final FailureClass failureClass;

  /**
   * A failure that {@code failureClass} can mend.
   *
   * @param message one sentence for the person who runs the flow: what was wrong, the value, what
   *     to do
   */
  public StageFailedException(FailureClass failureClass, String message) {
    super(message);
    this.failureClass = failureClass;
  }

  /** Who can mend it. */
  public FailureClass failureClass() {
    return failureClass;
  }
}
