package dev.modelflow.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.util.Durations;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import io.temporal.api.namespace.v1.NamespaceConfig;
import io.temporal.api.workflowservice.v1.DescribeNamespaceRequest;
import io.temporal.api.workflowservice.v1.DescribeNamespaceResponse;
import io.temporal.api.workflowservice.v1.GetSystemInfoRequest;
import io.temporal.api.workflowservice.v1.GetSystemInfoResponse;
import io.temporal.api.workflowservice.v1.RegisterNamespaceRequest;
import io.temporal.api.workflowservice.v1.RegisterNamespaceResponse;
import io.temporal.api.workflowservice.v1.UpdateNamespaceRequest;
import io.temporal.api.workflowservice.v1.UpdateNamespaceResponse;
import io.temporal.api.workflowservice.v1.WorkflowServiceGrpc.WorkflowServiceImplBase;
import io.temporal.serviceclient.WorkflowServiceStubs;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TemporalClientsTest {
  private final Engine engine = new Engine();
  private LoopbackEngine server;
  private WorkflowServiceStubs stubs;

  @BeforeEach
  void start() throws IOException {
    server = new LoopbackEngine(engine);
    stubs = TemporalClients.stubs(new TemporalConfig(server.address()));
  }

  @AfterEach
  void stop() {
    stubs.shutdownNow();
    server.close();
  }

  @Test
  void aNamespaceThatIsMissingIsRegisteredWithItsRetention() {
    ensure("flows", 30);
    assertThat(engine.days).isEqualTo(Map.of("flows", 30L));
    assertThat(engine.registered).isOne();
  }

  @Test
  void aNamespaceThatIsThereGetsTheRetentionThatIsConfigured() {
    engine.days.put("flows", 1L);
    ensure("flows", 30);
    assertThat(engine.days).isEqualTo(Map.of("flows", 30L));
    ensure("flows", 30);
    assertThat(engine.updated).isOne();
    assertThat(engine.registered).isZero();
  }

  @Test
  void anotherProcessMayBeFaster() {
    engine.days.put("flows", 30L);
    engine.hidden = true;
    ensure("flows", 30);
    assertThat(engine.days).isEqualTo(Map.of("flows", 30L));
  }

  @Test
  void anEngineThatRefusesIsNoReasonToRegister() {
    engine.refusal = Status.PERMISSION_DENIED;
    assertThatThrownBy(() -> ensure("flows", 30)).isInstanceOf(StatusRuntimeException.class);
    assertThat(engine.registered).isZero();
  }

  private void ensure(String namespace, int days) {
    TemporalClients.ensureNamespace(
        stubs, new TemporalConfig(server.address(), namespace, Duration.ofDays(days)));
  }

  /** As much of a Temporal server as knows namespaces. */
  private static final class Engine extends WorkflowServiceImplBase {
    private final Map<String, Long> days = new HashMap<>();
    private boolean hidden;
    private Status refusal = Status.OK;
    private int registered;
    private int updated;

    @Override
    public void getSystemInfo(
        GetSystemInfoRequest request, StreamObserver<GetSystemInfoResponse> answer) {
      answer(answer, GetSystemInfoResponse.getDefaultInstance());
    }

    @Override
    public void describeNamespace(
        DescribeNamespaceRequest request, StreamObserver<DescribeNamespaceResponse> answer) {
      Long found = days.get(request.getNamespace());
      if (!refusal.isOk()) {
        answer.onError(refusal.asRuntimeException());
      } else if (found == null || hidden) {
        answer.onError(Status.NOT_FOUND.asRuntimeException());
      } else {
        answer(
            answer,
            DescribeNamespaceResponse.newBuilder()
                .setConfig(
                    NamespaceConfig.newBuilder()
                        .setWorkflowExecutionRetentionTtl(Durations.fromDays(found)))
                .build());
      }
    }

    @Override
    public void registerNamespace(
        RegisterNamespaceRequest request, StreamObserver<RegisterNamespaceResponse> answer) {
      if (days.containsKey(request.getNamespace())) {
        answer.onError(Status.ALREADY_EXISTS.asRuntimeException());
        return;
      }
      registered++;
      days.put(
          request.getNamespace(), Durations.toDays(request.getWorkflowExecutionRetentionPeriod()));
      answer(answer, RegisterNamespaceResponse.getDefaultInstance());
    }

    @Override
    public void updateNamespace(
        UpdateNamespaceRequest request, StreamObserver<UpdateNamespaceResponse> answer) {
      updated++;
      days.put(
          request.getNamespace(),
          Durations.toDays(request.getConfig().getWorkflowExecutionRetentionTtl()));
      answer(answer, UpdateNamespaceResponse.getDefaultInstance());
    }

    private static <T> void answer(StreamObserver<T> observer, T value) {
      observer.onNext(value);
      observer.onCompleted();
    }
  }
}
