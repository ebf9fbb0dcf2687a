package dev.modelflow.ledger;

import dev.modelflow.domain.Digest;
import org.jspecify.annotations.Nullable;

/**
 * Which run a run continues, and from where. All null for a run of its own.
 *
 * @param parentRun the run that was branched or rerun
 * @param branchStage for a branch, the stage whose checkpoint it starts at
 * @param branchStep that checkpoint's step
 * @param branchCheckpoint that checkpoint
 * @param rerunFrom for a rerun, the first stage that runs again
 */
public record RunOrigin(
    @Nullable String parentRun,
    @Nullable String branchStage,
    @Nullable Long branchStep,
    @Nullable Digest branchCheckpoint,
    @Nullable String rerunFrom) {
  /** A run that continues none. */
  public static RunOrigin none() {
    return new RunOrigin(null, null, null, null, null);
  }

  /** A branch of {@code parent} at the checkpoint of {@code stage} after {@code step}. */
  public static RunOrigin branch(String parent, String stage, long step, Digest checkpoint) {
    return new RunOrigin(parent, stage, step, checkpoint, null);
  }

  /** A rerun of {@code parent} from {@code stage} on. */
  public static RunOrigin rerun(String parent, String stage) {
    return new RunOrigin(parent, null, null, null, stage);
  }
}
