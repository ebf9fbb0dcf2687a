package dev.modelflow.engine.tensor;

/** The device that was asked for cannot be used here; the message says why and what to do. */
public final class NoDeviceException extends RuntimeException {
  private static final long serialVersionUID = 1;

  NoDeviceException(String message) {
    super(message);
  }
}
