package dev.modelflow.web.flow;

/** A file's bytes are gone from the object store, or are others than were recorded. */
public final class ObjectFaultException extends RuntimeException {
  ObjectFaultException(String message, Throwable cause) {
    super(message, cause);
  }
}
