package dev.modelflow.cli.published;

/** No flow can begin with a model; the message says why and what to do. */
public final class PublishedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  PublishedException(String message, Exception cause) {
    super(message, cause);
  }
}
