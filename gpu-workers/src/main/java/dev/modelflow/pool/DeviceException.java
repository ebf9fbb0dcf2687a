package dev.modelflow.pool;

/** A worker cannot have the devices that it should; the message says why and what would do. */
public final class DeviceException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  DeviceException(String message) {
    super(message);
  }
}
