package dev.modelflow.cli.server;

/**
 * A process cannot start with these settings; the message says which one is wrong and what would
 * do.
 */
public final class SettingException extends RuntimeException {
  private static final long serialVersionUID = 1;

  SettingException(String message) {
    super(message);
  }

  /** Says what is wrong and ends the process. */
  void end() {
    System.err.println(getMessage());
    System.exit(2);
  }
}
