package dev.modelflow.worker;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import dev.modelflow.domain.FailureClass;
import dev.modelflow.domain.RunStatus;
import dev.modelflow.ledger.LedgerFixture;
import dev.modelflow.ledger.Run;
import dev.modelflow.services.UsesServices;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.temporal.api.common.v1.Payload;
import io.temporal.api.common.v1.SearchAttributes;
import io.temporal.api.common.v1.WorkflowExecution;
import io.temporal.api.failure.v1.Failure;
import io.temporal.api.history.v1.History;
import io.temporal.api.history.v1.MarkerRecordedEventAttributes;
import io.temporal.api.workflowservice.v1.GetWorkflowExecutionHistoryRequest;
import io.temporal.common.converter.DataConverter;
import io.temporal.serviceclient.WorkflowServiceStubs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A flow whose payloads are encrypted: what Temporal keeps of it, and how keys come and go. */
@UsesServices
@Timeout(180)
class EncryptedFlowTest {
  private static final String FAULT = "The well of words has run dry";
  private static final Set<String> OF_CALLS = Set.of("input", "result");
  private static final String ONE = "one " + "A".repeat(43) + "=\n";
  private static final String TWO = "two " + "B".repeat(42) + "A=\n";

  private final Path keys;
  private final FlowFixture flow;
  private final WorkflowServiceStubs stubs;

  EncryptedFlowTest(@TempDir Path folder) throws IOException {
    keys = Files.writeString(folder.resolve("keys"), ONE);
    flow = new FlowFixture(folder, engine -> engine.encrypted(keys));
    stubs = TemporalClients.stubs(flow.temporal());
  }

  @AfterEach
  void close() {
    stubs.shutdownNow();
    flow.close();
  }

  @Test
  void historiesHoldNothingReadable() {
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
      History history = history(workflow);
      assertThat(payloads(history))
          .isNotEmpty()
          .allSatisfy(it -> assertThat(named(it, "encoding")).isEqualTo("binary/encrypted"));
      assertThat(new String(history.toByteArray(), StandardCharsets.ISO_8859_1))
          .doesNotContain(FAULT, "\"runId\"", "\"pool\"");
    }
  }

  @Test
  void aFlowGoesOnOverARotation() throws IOException {
    Run run = begunAndLeft();
    Files.writeString(keys, TWO + ONE);
    flow.work("cpu", new SteppingExecutor(true));

    assertThat(flow.await(run.id())).isEqualTo(RunStatus.SUCCEEDED);
    assertThat(Stepping.output(flow, run)).isEqualTo(Stepping.expected());
    assertThat(payloads(history(stageOf(run))))
        .extracting(it -> named(it, "encryption-key-id"))
        .containsSubsequence("one", "two")
        .containsOnly("one", "two");
  }

  @Test
  void aFlowWhoseKeyIsTakenAwayWaitsUntilItIsBack() throws IOException {
    Run run = begunAndLeft();
    Files.writeString(keys, TWO);
    flow.work("cpu", new SteppingExecutor(true));
    awaitFailure(stageOf(run), "A payload was encrypted with key 'one', which is not in '" + keys);
    assertThat(flow.ledger().runs().get(run.id()).status()).isEqualTo(RunStatus.RUNNING);
    assertThat(Stepping.attempts(flow, run)).hasSize(1);

    Files.writeString(keys, TWO + ONE);
    assertThat(flow.await(run.id())).isEqualTo(RunStatus.SUCCEEDED);
    assertThat(Stepping.output(flow, run)).isEqualTo(Stepping.expected());
    assertThat(Stepping.attempts(flow, run)).hasSize(2);
  }

  /** A run whose worker ended in the middle of its stage, and with it all that knew its history. */
  private Run begunAndLeft() {
    PoolWorker worker = flow.work("cpu", new SteppingExecutor(true));
    Run run = Stepping.create(flow);
    Stepping.awaitStep(flow, run, SteppingExecutor.HELD_AT);
    worker.close();
    return run;
  }

  private static String stageOf(Run run) {
    return run.id() + ".synthesize";
  }

  /** Waits until a step of the workflow has failed for this reason. */
  private void awaitFailure(String workflow, String why) {
    DataConverter converter =
        TemporalClients.client(stubs, flow.temporal()).getOptions().getDataConverter();
    while (history(workflow).getEventsList().stream()
        .map(step -> step.getWorkflowTaskFailedEventAttributes().getFailure())
        .filter(it -> !it.equals(Failure.getDefaultInstance()))
        .map(converter::failureToException)
        .noneMatch(it -> says(it, why))) {
      FlowFixture.pause();
    }
  }

  private static boolean says(Throwable failure, String why) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (String.valueOf(cause.getMessage()).contains(why)) {
        return true;
      }
    }
    return false;
  }

  /** What is recorded of the workflow; nothing before it has begun. */
  private History history(String workflow) {
    try {
      return stubs
          .blockingStub()
          .getWorkflowExecutionHistory(
              GetWorkflowExecutionHistoryRequest.newBuilder()
                  .setNamespace(flow.temporal().namespace())
                  .setExecution(WorkflowExecution.newBuilder().setWorkflowId(workflow))
                  .build())
          .getHistory();
    } catch (StatusRuntimeException answer) {
      if (answer.getStatus().getCode() == Status.Code.NOT_FOUND) {
        return History.getDefaultInstance();
      }
      throw answer;
    }
  }

  private static String named(Payload payload, String field) {
    return payload.getMetadataOrThrow(field).toStringUtf8();
  }

  private static List<Payload> payloads(History history) {
    List<Payload> found = new ArrayList<>();
    collect(history, found);
    return found;
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
