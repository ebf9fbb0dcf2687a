package dev.modelflow.curate;

import dev.modelflow.domain.FailureClass;

/** Curation cannot go on. */
public final class CurateException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final FailureClass failureClass;

  CurateException(FailureClass failureClass, String message) {
    super(message);
    this.failureClass = failureClass;
  }

  CurateException(FailureClass failureClass, String message, Throwable cause) {
    super(message, cause);
    this.failureClass = failureClass;
  }

  /** Who can mend it. */
  public FailureClass failureClass() {
    return failureClass;
  }
}
