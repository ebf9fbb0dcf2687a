package dev.modelflow.cli.export;

/** A model cannot be written as asked; the message says why. */
public final class ExportException extends RuntimeException {
  private static final long serialVersionUID = 1;

  ExportException(String message) {
    super(message);
  }

  ExportException(String message, Exception cause) {
    super(message, cause);
  }
}
