package dev.modelflow.workflow;

import dev.modelflow.domain.StageStatus;
import io.temporal.activity.ActivityInterface;

/** What the workers of a pool do, on the pool's own task queue. */
@ActivityInterface
public interface StageActivities {
  /**
   * Type of the failure of an attempt that its worker gave up, because it is ended, drained or
   * cordoned: nothing went wrong, and another attempt follows.
   */
  String STOPPED = "stopped";

  /**
   * Type of the failure of an attempt whose trainer failed by itself, though the platform did its
   * part: it crashed, fell silent or broke the contract. Of class {@code platform}, but soon given
   * up.
   */
  String TRAINER = "trainer";

  /**
   * Runs one attempt of the stage: opens it in the ledger under a new epoch, continues from the
   * last committed checkpoint, uploads what it makes, and commits outputs and edges in one
   * transaction, fenced by the epoch. Heartbeats the current step. On cancellation asks the trainer
   * for a last checkpoint.
   *
   * <p>Fails with an application failure whose type is {@link #STOPPED}, {@link #TRAINER} or a
   * {@code FailureClass} word; those of class {@code recipe} and {@code data} are not retryable.
   *
   * @return how the stage stands in the ledger afterwards
   */
  StageStatus attempt(StageTask task);
}
