package dev.modelflow.engine.stage;

import dev.modelflow.domain.FailureClass;

/** A stage cannot go on; the message is one sentence for the person who runs the flow. */
public final class StageFailure extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final FailureClass failureClass;

  /** A failure that {@code failureClass} can mend. */
  public StageFailure(FailureClass failureClass, String message) {
    super(message);
    this.failureClass = failureClass;
  }

  /** A failure with its cause. */
  public StageFailure(FailureClass failureClass, String message, Throwable cause) {
    super(message, cause);
    this.failureClass = failureClass;
  }

  /** Who can mend it. */
  public FailureClass failureClass() {
    return failureClass;
  }
}
