package dev.modelflow.ledger;

import dev.modelflow.domain.Digest;
import dev.modelflow.domain.StageInput;
import dev.modelflow.domain.StageKind;
import dev.modelflow.domain.StageStatus;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A stage of a run as it stands.
 *
 * @param id its row
 * @param runId its run
 * @param name in the recipe
 * @param kind what it does
 * @param position in topological order, from 0
 * @param pool whose workers run it
 * @param seed of everything random in it
 * @param parameters as the recipe resolved them
 * @param inputs role → where it comes from
 * @param status where it stands
 * @param reuse {@code fingerprint}, {@code pinned} or {@code never}
 * @param reusedFrom the stage whose result stands in, or may stand in when pinned
 * @param fingerprint once known
 * @param startCheckpoint for a branched stage, the checkpoint it continues from
 * @param startStep that checkpoint's step
 * @param codeVersion of the code that did the work, once known
 * @param epoch of its newest attempt; 0 before the first
 */
public record Stage(
    long id,
    String runId,
    String name,
    StageKind kind,
    int position,
    String pool,
    long seed,
    Map<String, @Nullable Object> parameters,
    Map<String, StageInput> inputs,
    StageStatus status,
    String reuse,
    @Nullable Long reusedFrom,
    @Nullable Digest fingerprint,
    @Nullable Digest startCheckpoint,
    @Nullable Long startStep,
    @Nullable String codeVersion,
    int epoch) {
  /** Whether its outputs are committed. */
  public boolean done() {
    return status == StageStatus.SUCCEEDED || status == StageStatus.REUSED;
  }

  /** Whether nothing more will happen in it. */
  public boolean ended() {
    return switch (status) {
      case SUCCEEDED, REUSED, FAILED, CANCELLED -> true;
      case WAITING, RUNNING -> false;
    };
  }
}
