package dev.modelflow.worker;

import com.google.protobuf.util.Durations;
import dev.modelflow.services.TestServices;
import dev.modelflow.services.UsesServices;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.temporal.api.workflowservice.v1.DescribeNamespaceRequest;
import io.temporal.serviceclient.WorkflowServiceStubs;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The platform's namespace on a Temporal server. The engine in memory knows every namespace, and
 * keeps histories as long as it lives: there it tells no retention, and is not asked for one.
 */
@UsesServices
class NamespaceTest {
  private static final boolean RETAINS = TestServices.temporal().isPresent();

  @Test
  @Timeout(60)
  void theServerKeepsHistoriesAsLongAsIsConfigured() throws InterruptedException {
    try (Engine engine = Engine.start()) {
      // The first registers the namespace, the next ones find it.
      for (int days : new int[] {2, 30, 30, 7}) {
        TemporalConfig config =
            new TemporalConfig(
                engine.config().address(), engine.config().namespace(), Duration.ofDays(days));
        ensure(config, RETAINS ? days : 0);
      }
    }
  }

  /** Ensures it, with patience: a server answers that it does not know one that is very new. */
  private static void ensure(TemporalConfig config, long days) throws InterruptedException {
    WorkflowServiceStubs stubs = TemporalClients.stubs(config);
    try {
      while (!ensured(stubs, config) || told(stubs, config) != days) {
        Thread.sleep(100);
      }
    } finally {
      stubs.shutdownNow();
    }
  }

  private static boolean ensured(WorkflowServiceStubs stubs, TemporalConfig config) {
    try {
      TemporalClients.ensureNamespace(stubs, config);
      return true;
    } catch (StatusRuntimeException answer) {
      if (answer.getStatus().getCode() != Status.Code.NOT_FOUND) {
        throw answer;
      }
      return false;
    }
  }

  private static long told(WorkflowServiceStubs stubs, TemporalConfig config) {
    return Durations.toDays(
        stubs
            .blockingStub()
            .describeNamespace(
                DescribeNamespaceRequest.newBuilder().setNamespace(config.namespace()).build())
            .getConfig()
            .getWorkflowExecutionRetentionTtl());
  }
}
