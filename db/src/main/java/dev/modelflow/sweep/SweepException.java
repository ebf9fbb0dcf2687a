package dev.modelflow.sweep;

/** A sweep is refused or cannot be done; the message says why and what to do. */
public final class SweepException extends RuntimeException {
  private static final long serialVersionUID = 1;

  SweepException(String message) {
    super(message);
  }

  SweepException(String message, Throwable cause) {
    super(message, cause);
  }
}
