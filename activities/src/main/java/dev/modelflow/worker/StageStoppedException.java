package dev.modelflow.worker;

/** A stage stopped because it was asked to; what it committed as checkpoints stays. */
public final class StageStoppedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Says where it stopped. */
  public StageStoppedException(String message) {
    super(message);
  }
}
