package dev.modelflow.sweep;

/** A sweep is refused; the message says why and what to do. */
public final class SweepException extends RuntimeException {
  private static final long serialVersionUID = 1;

  SweepException(String message) {
    super(message);
  }
}
