package dev.modelflow.text;

/** A conversation is longer than its chat template is followed over. */
public final class TooLongException extends TextException {
  private static final long serialVersionUID = 1;

  TooLongException(String message) {
    super(message);
  }

  TooLongException(String message, Throwable cause) {
    super(message, cause);
  }
}
