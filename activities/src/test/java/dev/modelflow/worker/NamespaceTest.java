package dev.modelflow.worker;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.util.Durations;
import dev.modelflow.services.TestServices;
import dev.modelflow.services.UsesServices;
import io.temporal.api.workflowservice.v1.DescribeNamespaceRequest;
import io.temporal.serviceclient.WorkflowServiceStubs;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/**
 * The platform's namespace on a Temporal server. The engine in memory knows every namespace, and
 * keeps histories as long as it lives: there it tells no retention, and is not asked for one.
 */
@UsesServices
class NamespaceTest {
  private static final boolean RETAINS = TestServices.temporal().isPresent();

  @Test
  void theServerKeepsHistoriesAsLongAsIsConfigured() {
    try (Engine engine = Engine.start()) {
      // The first registers the namespace, the next ones find it.
      for (int days : new int[] {2, 30, 30, 7}) {
        TemporalConfig config =
            new TemporalConfig(
                engine.config().address(), engine.config().namespace(), Duration.ofDays(days));
        assertThat(ensured(config)).isEqualTo(RETAINS ? days : 0);
      }
    }
  }

  /** The retention that the server tells of the namespace afterwards, in days. */
  private static long ensured(TemporalConfig config) {
    WorkflowServiceStubs stubs = TemporalClients.stubs(config);
    try {
      TemporalClients.ensureNamespace(stubs, config);
      return Durations.toDays(
          stubs
              .blockingStub()
              .describeNamespace(
                  DescribeNamespaceRequest.newBuilder().setNamespace(config.namespace()).build())
              .getConfig()
              .getWorkflowExecutionRetentionTtl());
    } finally {
      stubs.shutdownNow();
    }
  }
}
