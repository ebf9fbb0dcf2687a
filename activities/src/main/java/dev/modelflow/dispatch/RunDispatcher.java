package dev.modelflow.dispatch;

import dev.modelflow.domain.RunStatus;
import dev.modelflow.ledger.Ledger;
import dev.modelflow.ledger.Run;
import dev.modelflow.worker.EngineFault;
import dev.modelflow.worker.SearchSetup;
import dev.modelflow.worker.TemporalClients;
import dev.modelflow.worker.TemporalConfig;
import dev.modelflow.workflow.FlowWorkflow;
import dev.modelflow.workflow.SearchKeys;
import dev.modelflow.workflow.TaskQueues;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.temporal.api.common.v1.WorkflowExecution;
import io.temporal.api.enums.v1.WorkflowExecutionStatus;
import io.temporal.api.enums.v1.WorkflowIdReusePolicy;
import io.temporal.api.workflowservice.v1.DescribeWorkflowExecutionRequest;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowExecutionAlreadyStarted;
import io.temporal.client.WorkflowNotFoundException;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowServiceException;
import io.temporal.common.SearchAttributes;
import io.temporal.serviceclient.WorkflowServiceStubs;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the workflow engine in step with the ledger: starts the workflow of every run in the outbox
 * and of every unfinished run that the engine does not know (it may have lost its memory), and
 * forwards requests to cancel. Several may run at once; all they do is harmless when repeated.
 */
public final class RunDispatcher implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RunDispatcher.class);
  private static final Duration POLL = Duration.ofMillis(500);
  private static final int POLLS_PER_SURVEY = 10;

  private final Ledger ledger;
  private final WorkflowServiceStubs stubs;
  private final TemporalConfig temporal;
  private final WorkflowClient client;
  private final Thread thread;
  private Optional<String> unsearchable = Optional.empty();

  /** Begins to dispatch at once. */
  public RunDispatcher(Ledger ledger, TemporalConfig temporal) {
    this.ledger = ledger;
    this.temporal = temporal;
    this.stubs = TemporalClients.stubs(temporal);
    this.client = TemporalClients.client(stubs, temporal);
    this.thread = Thread.ofVirtual().name("dispatcher").start(this::dispatch);
  }

  private void dispatch() {
    int poll = 0;
    while (!Thread.currentThread().isInterrupted()) {
      try {
        if (poll % POLLS_PER_SURVEY == 0) {
          TemporalClients.ensureNamespace(stubs, temporal);
          learnWhetherSearchable();
          ledger.runs().unfinished().forEach(this::startWhenUnknown);
        }
        ledger.runs().outbox().forEach(this::startFromOutbox);
        ledger.runs().unfinished().forEach(this::forwardCancel);
        poll++;
      } catch (StatusRuntimeException | WorkflowServiceException answer) {
        LOG.warn("Could not dispatch: {}; trying again", EngineFault.explain(answer, temporal));
      } catch (RuntimeException failure) {
        LOG.warn("Could not dispatch: {}; trying again", failure.getMessage());
      }
      try {
        Thread.sleep(POLL);
      } catch (InterruptedException end) {
        return;
      }
    }
  }

  private void learnWhetherSearchable() {
    Optional<String> obstacle = SearchSetup.ensure(stubs, temporal);
    if (!obstacle.equals(unsearchable)) {
      obstacle.ifPresent(
          why -> LOG.warn("Temporal's pages cannot find runs by their ids and projects: {}", why));
    }
    unsearchable = obstacle;
  }

  private void startFromOutbox(String runId) {
    start(runId);
    ledger.runs().dispatched(runId);
  }

  private void startWhenUnknown(Run run) {
    if (!lives(run.id())) {
      LOG.info("The workflow engine does not know run {}; starting it from the ledger", run.id());
      start(run.id());
    }
  }

  private SearchAttributes attributes(String runId) {
    if (unsearchable.isPresent()) {
      return SearchAttributes.EMPTY;
    }
    Run run = ledger.runs().get(runId);
    return SearchKeys.run(runId, run.project(), run.name());
  }

  private void start(String runId) {
    FlowWorkflow flow =
        client.newWorkflowStub(
            FlowWorkflow.class,
            WorkflowOptions.newBuilder()
                .setWorkflowId(runId)
                .setTaskQueue(TaskQueues.FLOWS)
                .setWorkflowIdReusePolicy(
                    WorkflowIdReusePolicy.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE)
                .setTypedSearchAttributes(attributes(runId))
                .build());
    try {
      WorkflowClient.start(flow::carry, runId);
    } catch (WorkflowExecutionAlreadyStarted running) {
      LOG.debug("Run {} has its workflow", runId);
    }
  }

  private boolean lives(String runId) {
    try {
      return client
              .getWorkflowServiceStubs()
              .blockingStub()
              .describeWorkflowExecution(
                  DescribeWorkflowExecutionRequest.newBuilder()
                      .setNamespace(temporal.namespace())
                      .setExecution(WorkflowExecution.newBuilder().setWorkflowId(runId))
                      .build())
              .getWorkflowExecutionInfo()
              .getStatus()
          == WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_RUNNING;
    } catch (StatusRuntimeException answer) {
      if (answer.getStatus().getCode() == Status.Code.NOT_FOUND) {
        return false;
      }
      throw answer;
    }
  }

  private void forwardCancel(Run run) {
    if (run.status() != RunStatus.CANCELLING) {
      return;
    }
    try {
      client.newUntypedWorkflowStub(run.id()).cancel();
    } catch (WorkflowNotFoundException gone) {
      LOG.debug("Run {} has no workflow to cancel", run.id());
    }
  }

  @Override
  public void close() {
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
    stubs.shutdownNow();
  }
}
