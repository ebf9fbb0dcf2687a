package dev.modelflow.workflow;

import org.jspecify.annotations.Nullable;

/**
 * Which stage of which run. All else is in the ledger.
 *
 * @param runId the run
 * @param stage the stage's name in the recipe
 * @param pool the task queue of the workers that may run it
 * @param incarnation of the run for which the workflow began; null in tasks of workflows that began
 *     before there were any
 */
public record StageTask(String runId, String stage, String pool, @Nullable String incarnation) {
  /** A task that no restoration of the ledger makes obsolete. */
  public StageTask(String runId, String stage, String pool) {
    this(runId, stage, pool, null);
  }
}
