package dev.modelflow.ledger;

import dev.modelflow.domain.Digest;

/** How a stage of a new run may begin. */
public sealed interface StageStart {
  /** From its inputs, unless any committed stage has the same fingerprint. */
  record ByFingerprint() implements StageStart {}

  /**
   * Not at all: the parent run's stage stands in, whatever the version of the code.
   *
   * @param original row of the parent's stage
   */
  record Pinned(long original) implements StageStart {}

  /** From its inputs, even where an equal result exists. */
  record Afresh() implements StageStart {}

  /**
   * From a checkpoint of the parent run's stage.
   *
   * @param checkpoint the artifact
   * @param step after which it was written
   */
  record FromCheckpoint(Digest checkpoint, long step) implements StageStart {}
}
