package dev.modelflow.ledger;

/** A write came from an attempt that is no longer the newest of its stage, or whose stage ended. */
public final class FencedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** The attempt that {@code fence} belongs to was overtaken. */
  public FencedException(Fence fence) {
    super(
        "Attempt "
            + fence.epoch()
            + " of stage '"
            + fence.stage()
            + "' in run "
            + fence.runId()
            + " was overtaken by a newer attempt, its stage ended or the ledger was restored; what it writes is refused");
  }
}
