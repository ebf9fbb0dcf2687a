package dev.modelflow.workflow;

import dev.modelflow.domain.RunStatus;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;

/**
 * Carries one run: starts each stage as soon as the stages it reads from are done. The workflow's
 * id is the run's id, so starting a run twice is harmless. Everything it learns is in the ledger;
 * its own state is names only.
 */
@WorkflowInterface
public interface FlowWorkflow {
  /** The run's final status, which also stands in the ledger. */
  @WorkflowMethod
  RunStatus carry(String runId);
}
