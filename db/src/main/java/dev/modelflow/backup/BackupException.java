package dev.modelflow.backup;

/** A backup cannot be made or restored; the message says why and what would do. */
public final class BackupException extends RuntimeException {
  private static final long serialVersionUID = 1;

  BackupException(String message) {
    super(message);
  }

  BackupException(String message, Throwable cause) {
    super(message, cause);
  }
}
