package dev.modelflow.web.api;

/** Every live stream is taken. */
final class TooManyStreamsException extends RuntimeException {
  private static final long serialVersionUID = 1;

  TooManyStreamsException(int most) {
    super("All " + most + " live streams are taken; close a dashboard page and try again");
  }
}
