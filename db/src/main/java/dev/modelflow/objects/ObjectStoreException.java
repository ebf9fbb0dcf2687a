package dev.modelflow.objects;

/** The object store failed, or holds other bytes than it should. */
public final class ObjectStoreException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ObjectStoreException(String message) {
    super(message);
  }

  ObjectStoreException(String message, Throwable cause) {
    super(message, cause);
  }
}
