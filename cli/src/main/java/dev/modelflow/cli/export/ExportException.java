package dev.modelflow.cli.export;

/** A model cannot be written as asked; the message says why and what to do. */
public final class ExportException extends RuntimeException {
  private static final long serialVersionUID = 1;

  ExportException(String message, Exception cause) {
    super(message, cause);
  }
}
