package dev.modelflow.worker;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import dev.modelflow.domain.FailureClass;
import dev.modelflow.domain.RunStatus;
import dev.modelflow.ledger.LedgerFixture;
import dev.modelflow.ledger.Run;
import dev.modelflow.services.UsesServices;
import io.temporal.api.common.v1.Payload;
import io.temporal.api.common.v1.SearchAttributes;
import io.temporal.api.common.v1.WorkflowExecution;
import io.temporal.api.history.v1.History;
import io.temporal.api.history.v1.MarkerRecordedEventAttributes;
import io.temporal.api.workflowservice.v1.GetWorkflowExecutionHistoryRequest;
import io.temporal.serviceclient.WorkflowServiceStubs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Temporal keeps of a flow whose payloads are encrypted. */
@UsesServices
class EncryptedFlowTest {
  private static final String FAULT = "The well of words has run dry";
  private static final Set<String> OF_CALLS = Set.of("input", "result");

  @Test
  void historiesHoldNothingReadable(@TempDir Path folder) throws IOException {
    Path keys = Files.writeString(folder.resolve("keys"), "one " + "A".repeat(43) + "=");
    try (FlowFixture flow = new FlowFixture(folder, engine -> engine.encrypted(keys))) {
      flow.work("cpu", new CountingExecutor());
      flow.work(
          "gpu",
          new CountingExecutor(
              context -> {
                throw new StageFailedException(FailureClass.DATA, FAULT);
              }));
      Run run = flow.services().create(LedgerFixture.twoStages());
      assertThat(flow.await(run.id())).isEqualTo(RunStatus.FAILED);
      // The failure went through Temporal and came out readable.
      assertThat(flow.ledger().runs().get(run.id()).failureMessage()).contains(FAULT);

      for (String workflow : List.of(run.id(), run.id() + ".synthesize", run.id() + ".pretrain")) {
        History history = history(flow.temporal(), workflow);
        List<Payload> payloads = new ArrayList<>();
        collect(history, payloads);
        assertThat(payloads)
            .isNotEmpty()
            .allSatisfy(
                it ->
                    assertThat(it.getMetadataOrThrow("encoding").toStringUtf8())
                        .isEqualTo("binary/encrypted"));
        assertThat(new String(history.toByteArray(), StandardCharsets.ISO_8859_1))
            .doesNotContain(FAULT, "\"runId\"", "\"pool\"");
      }
    }
  }

  private static History history(TemporalConfig engine, String workflow) {
    WorkflowServiceStubs stubs = TemporalClients.stubs(engine);
    try {
      return stubs
          .blockingStub()
          .getWorkflowExecutionHistory(
              GetWorkflowExecutionHistoryRequest.newBuilder()
                  .setNamespace(engine.namespace())
                  .setExecution(WorkflowExecution.newBuilder().setWorkflowId(workflow))
                  .build())
          .getHistory();
    } finally {
      stubs.shutdownNow();
    }
  }

  /**
   * Every payload in {@code message}, however deep, but those of search attributes and what the SDK
   * notes of its own in markers: names of calls and of changes of the code, and times.
   */
  private static void collect(Message message, List<Payload> found) {
    if (message instanceof Payload payload) {
      found.add(payload);
    } else if (message instanceof MarkerRecordedEventAttributes marker) {
      marker.getDetailsMap().entrySet().stream()
          .filter(detail -> OF_CALLS.contains(detail.getKey()))
          .forEach(detail -> collect(detail.getValue(), found));
      collect(marker.getFailure(), found);
    } else if (!(message instanceof SearchAttributes)) {
      for (Map.Entry<FieldDescriptor, Object> field : message.getAllFields().entrySet()) {
        List<?> values =
            field.getValue() instanceof List<?> many ? many : List.of(field.getValue());
        values.stream()
            .filter(Message.class::isInstance)
            .forEach(it -> collect((Message) it, found));
      }
    }
  }
}
