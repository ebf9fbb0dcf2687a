package dev.modelflow.workflow;

import dev.modelflow.domain.FailureClass;
import dev.modelflow.domain.RunStatus;
import dev.modelflow.domain.StageStatus;
import dev.modelflow.workflow.RunActivities.PlannedStage;
import io.temporal.api.enums.v1.ParentClosePolicy;
import io.temporal.failure.CanceledFailure;
import io.temporal.failure.ChildWorkflowFailure;
import io.temporal.workflow.Async;
import io.temporal.workflow.ChildWorkflowCancellationType;
import io.temporal.workflow.ChildWorkflowOptions;
import io.temporal.workflow.Promise;
import io.temporal.workflow.Workflow;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Carries one run; see {@link FlowWorkflow}. */
public final class FlowWorkflowImpl implements FlowWorkflow {
  private final RunActivities ledger = LedgerCalls.stub();

  /** For Temporal. */
  public FlowWorkflowImpl() {}

  @Override
  public RunStatus carry(String runId) {
    Map<String, Promise<StageStatus>> ends = new LinkedHashMap<>();
    try {
      for (PlannedStage stage : ledger.begin(runId)) {
        List<Promise<StageStatus>> before =
            stage.after().stream().map(name -> known(ends, stage, name)).toList();
        StageTask task = new StageTask(runId, stage.name(), stage.pool(), stage.incarnation());
        ends.put(stage.name(), Async.function(() -> carryAfter(before, task)));
      }
    } catch (CanceledFailure cancelled) {
      return finish(runId, RunStatus.CANCELLED);
    }
    List<StageStatus> statuses = new ArrayList<>();
    ends.values().forEach(end -> statuses.add(end.get()));
    return finish(runId, verdict(statuses));
  }

  private static Promise<StageStatus> known(
      Map<String, Promise<StageStatus>> ends, PlannedStage stage, String before) {
    @Nullable Promise<StageStatus> end = ends.get(before);
    if (end == null) {
      throw new IllegalStateException(
          "Stage '" + stage.name() + "' stands before '" + before + "', which it reads from");
    }
    return end;
  }

  private StageStatus carryAfter(List<Promise<StageStatus>> before, StageTask task) {
    boolean inputsMade = true;
    for (Promise<StageStatus> end : before) {
      StageStatus status = end.get();
      inputsMade &= status == StageStatus.SUCCEEDED || status == StageStatus.REUSED;
    }
    if (!inputsMade) {
      return close(task, StageStatus.CANCELLED, null, "a stage that it reads from was not done");
    }
    try {
      return child(task).carry(task);
    } catch (CanceledFailure cancelled) {
      return close(task, StageStatus.CANCELLED, null, null);
    } catch (ChildWorkflowFailure failure) {
      if (failure.getCause() instanceof CanceledFailure) {
        return close(task, StageStatus.CANCELLED, null, null);
      }
      Blame blame = Blame.of(failure);
      return close(task, StageStatus.FAILED, blame.failureClass(), blame.message());
    }
  }

  private static StageWorkflow child(StageTask task) {
    return Workflow.newChildWorkflowStub(
        StageWorkflow.class,
        ChildWorkflowOptions.newBuilder()
            .setWorkflowId(task.runId() + "." + task.stage())
            .setParentClosePolicy(ParentClosePolicy.PARENT_CLOSE_POLICY_REQUEST_CANCEL)
            .setCancellationType(ChildWorkflowCancellationType.WAIT_CANCELLATION_COMPLETED)
            .setTypedSearchAttributes(
                SearchKeys.stage(SearchKeys.of(Workflow.getInfo()), task.stage()))
            .build());
  }

  private static RunStatus verdict(List<StageStatus> statuses) {
    if (statuses.contains(StageStatus.FAILED)) {
      return RunStatus.FAILED;
    }
    return statuses.contains(StageStatus.CANCELLED) ? RunStatus.CANCELLED : RunStatus.SUCCEEDED;
  }

  private StageStatus close(
      StageTask task,
      StageStatus status,
      @Nullable FailureClass failureClass,
      @Nullable String message) {
    Workflow.newDetachedCancellationScope(() -> ledger.close(task, status, failureClass, message))
        .run();
    return status;
  }

  private RunStatus finish(String runId, RunStatus status) {
    RunStatus[] recorded = {status};
    // A cancelled workflow may still write down that it is.
    Workflow.newDetachedCancellationScope(() -> recorded[0] = ledger.finish(runId, status)).run();
    return recorded[0];
  }
}
