package dev.modelflow.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelflow.domain.RunStatus;
import dev.modelflow.ledger.Run;
import dev.modelflow.services.TestServices;
import dev.modelflow.services.UsesServices;
import dev.modelflow.workflow.FlowWorkflowImpl;
import dev.modelflow.workflow.RunActivities;
import dev.modelflow.workflow.StageWorkflowImpl;
import dev.modelflow.workflow.TaskQueues;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.temporal.api.common.v1.WorkflowExecution;
import io.temporal.api.enums.v1.TaskQueueType;
import io.temporal.api.workflowservice.v1.DescribeWorkflowExecutionRequest;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.worker.Worker;
import io.temporal.worker.WorkerFactory;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A run that outlives the version of the workflows on which it began. */
@UsesServices
class UpgradeTest {
  private static final boolean VERSIONS = TestServices.temporal().isPresent();
  private static final WorkerVersion OLDER =
      new WorkerVersion(
          "modelflow",
          VERSIONS ? "older" : "",
          TaskQueues.FLOWS,
          TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW);

  private final FlowFixture flow;
  private final WorkflowServiceStubs stubs;
  private final WorkerFactory older;

  UpgradeTest(@TempDir Path folder) {
    flow = new FlowFixture(folder);
    stubs = TemporalClients.stubs(flow.temporal());
    older = WorkerFactory.newInstance(TemporalClients.client(stubs, flow.temporal()));
  }

  @AfterEach
  void close() {
    older.shutdownNow();
    stubs.shutdownNow();
    flow.close();
  }

  @Test
  @Timeout(120)
  void aRunThatBeganOnAnOlderVersionGoesOnWithTheNewestOne() {
    startOlder();
    Run run = Stepping.create(flow);
    awaitVersion(run.id() + ".synthesize", OLDER);

    flow.workVersioned("cpu", new CountingExecutor());

    assertThat(flow.await(run.id())).isEqualTo(RunStatus.SUCCEEDED);
    awaitVersion(run.id(), WorkerVersion.ofFlows(VERSIONS));
    awaitVersion(run.id() + ".synthesize", WorkerVersion.ofFlows(VERSIONS));
  }

  /** A worker that has no pool, so that an attempt waits for the one after it. */
  private void startOlder() {
    TemporalClients.ensureNamespace(stubs, flow.temporal());
    RunActivitiesImpl calls = new RunActivitiesImpl(flow.ledger(), flow.services().store());
    Worker flows =
        older.newWorker(TaskQueues.FLOWS, OLDER.options().setLocalActivityWorkerOnly(true).build());
    flows.registerWorkflowImplementationTypes(FlowWorkflowImpl.class, StageWorkflowImpl.class);
    flows.registerActivitiesImplementations(calls);
    older
        .newWorker(TaskQueues.LEDGER, OLDER.options().build())
        .registerActivitiesImplementations(Heartbeats.around(RunActivities.class, calls));
    older.start();
    VersionClaims claims = new VersionClaims(stubs, flow.temporal(), Duration.ofMinutes(2));
    while (VERSIONS && claims.claim(OLDER).isPresent()) {
      FlowFixture.pause();
    }
  }

  private void awaitVersion(String workflowId, WorkerVersion version) {
    while (!version(workflowId).equals(version.build())) {
      FlowFixture.pause();
    }
  }

  /** The version that took the workflow's last step; "none yet" before the first. */
  private String version(String workflowId) {
    try {
      return stubs
          .blockingStub()
          .describeWorkflowExecution(
              DescribeWorkflowExecutionRequest.newBuilder()
                  .setNamespace(flow.temporal().namespace())
                  .setExecution(WorkflowExecution.newBuilder().setWorkflowId(workflowId))
                  .build())
          .getWorkflowExecutionInfo()
          .getVersioningInfo()
          .getDeploymentVersion()
          .getBuildId();
    } catch (StatusRuntimeException answer) {
      if (answer.getStatus().getCode() == Status.Code.NOT_FOUND) {
        return "none yet";
      }
      throw answer;
    }
  }
}
