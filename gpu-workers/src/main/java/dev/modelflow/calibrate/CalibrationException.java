package dev.modelflow.calibrate;

/** Nothing was measured, or a file is not what was written; the message says what to do. */
public final class CalibrationException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** With one sentence for a person. */
  public CalibrationException(String message) {
    super(message);
  }

  /** With one sentence for a person, and what lies behind it. */
  public CalibrationException(String message, Throwable cause) {
    super(message, cause);
  }
}
