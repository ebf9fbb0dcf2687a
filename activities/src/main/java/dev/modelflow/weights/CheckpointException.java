package dev.modelflow.weights;

import java.io.IOException;

/** A checkpoint, or a folder to import, is damaged or holds another model than it should. */
public final class CheckpointException extends IOException {
  private static final long serialVersionUID = 1;

  /** What is wrong, with the file and the tensor or key, and what to do. */
  public CheckpointException(String message) {
    super(message);
  }

  /** The same with its cause. */
  public CheckpointException(String message, Throwable cause) {
    super(message, cause);
  }
}
