package dev.modelflow.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelflow.domain.RunStatus;
import dev.modelflow.ledger.LedgerFixture;
import dev.modelflow.ledger.Run;
import dev.modelflow.services.UsesServices;
import dev.modelflow.worker.LoopbackEngine;
import dev.modelflow.worker.TemporalConfig;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.temporal.api.workflowservice.v1.DescribeNamespaceRequest;
import io.temporal.api.workflowservice.v1.DescribeNamespaceResponse;
import io.temporal.api.workflowservice.v1.GetSystemInfoRequest;
import io.temporal.api.workflowservice.v1.GetSystemInfoResponse;
import io.temporal.api.workflowservice.v1.RequestCancelWorkflowExecutionRequest;
import io.temporal.api.workflowservice.v1.RequestCancelWorkflowExecutionResponse;
import io.temporal.api.workflowservice.v1.StartWorkflowExecutionRequest;
import io.temporal.api.workflowservice.v1.StartWorkflowExecutionResponse;
import io.temporal.api.workflowservice.v1.WorkflowServiceGrpc.WorkflowServiceImplBase;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@UsesServices
@Timeout(60)
class RunDispatcherTest {
  private final LedgerFixture fixture = new LedgerFixture();
  private final String refused = fixture.create(LedgerFixture.twoStages()).id();
  private final String taken = fixture.create(LedgerFixture.twoStages()).id();
  private final Engine engine = new Engine(refused);
  private LoopbackEngine server;

  @BeforeEach
  void start() throws IOException {
    server = new LoopbackEngine(engine);
  }

  @AfterEach
  void stop() {
    server.close();
    fixture.close();
  }

  @Test
  void aRunThatTheEngineRefusesKeepsNeitherOthersNorCancellationsWaiting() throws Exception {
    fixture.ledger().runs().requestCancel(taken, "tester");
    try (RunDispatcher dispatcher =
        new RunDispatcher(fixture.ledger(), new TemporalConfig(server.address()))) {
      assertThat(dispatcher).isNotNull();
      assertThat(engine.started.take()).isEqualTo(taken);
      assertThat(engine.cancelled.take()).isEqualTo(taken);
    }
  }

  @Test
  void aRunThatTheEngineKeepsRefusingFailsWithItsWords() throws Exception {
    try (RunDispatcher dispatcher =
        new RunDispatcher(
            fixture.ledger(), new TemporalConfig(server.address()), Duration.ofMillis(200))) {
      assertThat(dispatcher).isNotNull();
      assertThat(engine.started.take()).isEqualTo(taken);
      Run run = ended(refused);
      assertThat(run.status()).isEqualTo(RunStatus.FAILED);
      assertThat(run.failureMessage())
          .isEqualTo(
              "The run cannot be started: Temporal at %s: Not this one"
                  .formatted(server.address()));
    }
    assertThat(fixture.ledger().runs().outbox()).isEmpty();
  }

  @Test
  void aRunThatTheEngineRefusesIsCancelledAtOnceWhenThatIsAskedFor() throws Exception {
    fixture.ledger().runs().requestCancel(refused, "tester");
    try (RunDispatcher dispatcher =
        new RunDispatcher(fixture.ledger(), new TemporalConfig(server.address()))) {
      assertThat(dispatcher).isNotNull();
      assertThat(ended(refused).status()).isEqualTo(RunStatus.CANCELLED);
    }
    assertThat(fixture.ledger().runs().cancelling()).isEmpty();
  }

  private Run ended(String id) throws InterruptedException {
    while (fixture.ledger().runs().unfinished().contains(id)) {
      Thread.sleep(20);
    }
    return fixture.ledger().runs().get(id);
  }

  /** As much of a Temporal server as starts and cancels workflows, but for one. */
  private static final class Engine extends WorkflowServiceImplBase {
    private final BlockingQueue<String> started = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> cancelled = new LinkedBlockingQueue<>();
    private final String refused;

    Engine(String refused) {
      this.refused = refused;
    }

    @Override
    public void getSystemInfo(
        GetSystemInfoRequest request, StreamObserver<GetSystemInfoResponse> answer) {
      give(answer, GetSystemInfoResponse.getDefaultInstance());
    }

    @Override
    public void describeNamespace(
        DescribeNamespaceRequest request, StreamObserver<DescribeNamespaceResponse> answer) {
      give(answer, DescribeNamespaceResponse.getDefaultInstance());
    }

    @Override
    public void startWorkflowExecution(
        StartWorkflowExecutionRequest request,
        StreamObserver<StartWorkflowExecutionResponse> answer) {
      if (request.getWorkflowId().equals(refused)) {
        answer.onError(
            Status.INVALID_ARGUMENT.withDescription("Not this one").asRuntimeException());
        return;
      }
      started.add(request.getWorkflowId());
      give(answer, StartWorkflowExecutionResponse.newBuilder().setRunId("first").build());
    }

    @Override
    public void requestCancelWorkflowExecution(
        RequestCancelWorkflowExecutionRequest request,
        StreamObserver<RequestCancelWorkflowExecutionResponse> answer) {
      cancelled.add(request.getWorkflowExecution().getWorkflowId());
      give(answer, RequestCancelWorkflowExecutionResponse.getDefaultInstance());
    }

    private static <T> void give(StreamObserver<T> answer, T value) {
      answer.onNext(value);
      answer.onCompleted();
    }
  }
}
