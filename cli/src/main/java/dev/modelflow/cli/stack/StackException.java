package dev.modelflow.cli.stack;

/** The stack cannot do what was asked; the message says why and what to do. */
public final class StackException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** With one sentence for a person. */
  public StackException(String message) {
    super(message);
  }

  /** With one sentence for a person, and what lies behind it. */
  public StackException(String message, Throwable cause) {
    super(message, cause);
  }
}
