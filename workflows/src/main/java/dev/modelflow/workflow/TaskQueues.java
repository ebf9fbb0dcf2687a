package dev.modelflow.workflow;

/** Names of the task queues that are not pools. */
public final class TaskQueues {
  /** Workflows. Every worker helps with them, so that a run goes on as long as any worker lives. */
  public static final String FLOWS = "flows";

  /** {@link RunActivities}. */
  public static final String LEDGER = "ledger";

  private TaskQueues() {}
}
