package dev.modelflow.cli.faults;

/** What a fault is about is not there at the moment. */
final class NothingToDisturbException extends RuntimeException {
  private static final long serialVersionUID = 1;

  NothingToDisturbException(String message) {
    super(message);
  }
}
