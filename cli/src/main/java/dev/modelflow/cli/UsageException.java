package dev.modelflow.cli;

/** What was typed cannot be done; the message says what would do. */
final class UsageException extends RuntimeException {
  private static final long serialVersionUID = 1;

  UsageException(String message) {
    super(message);
  }
}
