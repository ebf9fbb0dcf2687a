package dev.modelflow.objects;

/** The object store failed, or holds other bytes than it should. */
public sealed class ObjectStoreException extends RuntimeException permits UnwritableException {
  private static final long serialVersionUID = 1L;

  ObjectStoreException(String message) {
    super(message);
  }

  ObjectStoreException(String message, Throwable cause) {
    super(message, cause);
  }
}
