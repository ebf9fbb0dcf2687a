package dev.modelflow.cli.order;

/** A record cannot be read or made again; the message says why and what to do. */
public final class OrderException extends RuntimeException {
  private static final long serialVersionUID = 1;

  OrderException(String message) {
    super(message);
  }

  OrderException(String message, Exception cause) {
    super(message, cause);
  }
}
