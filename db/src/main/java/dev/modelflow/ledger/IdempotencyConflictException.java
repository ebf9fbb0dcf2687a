package dev.modelflow.ledger;

/** An idempotency key was used again for another request. */
public final class IdempotencyConflictException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  IdempotencyConflictException(String key) {
    super("Idempotency key '" + key + "' was used for another request; choose a new key");
  }
}
