package dev.modelflow.workflow;

import dev.modelflow.domain.StageStatus;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;

/** Carries one stage: looks for a reusable result, else has a worker of its pool run attempts. */
@WorkflowInterface
public interface StageWorkflow {
  /** The stage's final status, which also stands in the ledger. */
  @WorkflowMethod
  StageStatus carry(StageTask task);
}
