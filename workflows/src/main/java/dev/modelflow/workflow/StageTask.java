package dev.modelflow.workflow;

/**
 * Which stage of which run. All else is in the ledger.
 *
 * @param runId the run
 * @param stage the stage's name in the recipe
 * @param pool the task queue of the workers that may run it
 */
public record StageTask(String runId, String stage, String pool) {}
