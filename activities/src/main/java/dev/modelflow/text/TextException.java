package dev.modelflow.text;

/** A file of text or tokens is missing, damaged or not in the documented form. */
public sealed class TextException extends RuntimeException permits TooLongException {
  private static final long serialVersionUID = 1;

  /** What is wrong, with the file and the value, and what to do. */
  public TextException(String message) {
    super(message);
  }

  /** What is wrong, with the file and the value, and its cause. */
  public TextException(String message, Throwable cause) {
    super(message, cause);
  }
}
