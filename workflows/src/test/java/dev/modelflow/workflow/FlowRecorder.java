package dev.modelflow.workflow;

import io.temporal.api.enums.v1.IndexedValueType;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowClientOptions;
import io.temporal.client.WorkflowFailedException;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowStub;
import io.temporal.testing.TestEnvironmentOptions;
import io.temporal.testing.TestWorkflowEnvironment;
import io.temporal.worker.Worker;
import io.temporal.worker.WorkerOptions;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/** Runs a flow on an engine in memory and keeps the histories of its workflows. */
final class FlowRecorder {
  private static final String RUN = "run";
  private static final String IDENTITY = "worker";
  // They change with every line of code, and a replay does not read them.
  private static final Pattern STACK_TRACE = Pattern.compile("\"stackTrace\": \"[^\"]*\",?");
  private static final Pattern LINE = Pattern.compile("\n *");

  private FlowRecorder() {}

  /** Runs a flow of this shape: workflow id → its history as JSON, without names of machines. */
  static Map<String, String> record(FlowShape shape) throws InterruptedException {
    FakeLedger ledger = shape.ledger();
    FakeWorker worker = worker(shape, ledger);
    try (TestWorkflowEnvironment environment = environment()) {
      register(environment, ledger, worker);
      run(environment.getWorkflowClient(), shape, ledger);
      Map<String, String> histories = new LinkedHashMap<>();
      histories.put(RUN, json(environment, RUN));
      for (String stage : worker.attempts().keySet()) {
        histories.put(RUN + "." + stage, json(environment, RUN + "." + stage));
      }
      ledger.prepared.forEach(
          (stage, status) ->
              histories.put(RUN + "." + stage, json(environment, RUN + "." + stage)));
      return histories;
    }
  }

  private static FakeWorker worker(FlowShape shape, FakeLedger ledger) {
    Map<String, Integer> attempts = new ConcurrentHashMap<>();
    return new FakeWorker(
        task -> shape.attempt(ledger, task, attempts.getOrDefault(task.stage(), 0)), attempts);
  }

  private static TestWorkflowEnvironment environment() {
    TestEnvironmentOptions.Builder options =
        TestEnvironmentOptions.newBuilder()
            .setWorkflowClientOptions(
                WorkflowClientOptions.newBuilder().setIdentity(IDENTITY).build());
    for (String name : SearchKeys.names()) {
      options.registerSearchAttribute(name, IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD);
    }
    return TestWorkflowEnvironment.newInstance(options.build());
  }

  private static void register(
      TestWorkflowEnvironment environment, FakeLedger ledger, FakeWorker worker) {
    WorkerOptions prompt =
        WorkerOptions.newBuilder().setMaxHeartbeatThrottleInterval(Duration.ofMillis(50)).build();
    register(environment, ledger);
    environment.newWorker("cpu", prompt).registerActivitiesImplementations(worker);
    environment.newWorker("gpu", prompt).registerActivitiesImplementations(worker);
    environment.start();
  }

  /** Everything that a worker does besides the stages of its pool. */
  static void register(TestWorkflowEnvironment environment, FakeLedger ledger) {
    Worker flows =
        environment.newWorker(
            TaskQueues.FLOWS, WorkerOptions.newBuilder().setLocalActivityWorkerOnly(true).build());
    flows.registerWorkflowImplementationTypes(FlowWorkflowImpl.class, StageWorkflowImpl.class);
    flows.registerActivitiesImplementations(ledger);
    environment.newWorker(TaskQueues.LEDGER).registerActivitiesImplementations(ledger);
  }

  private static void run(WorkflowClient client, FlowShape shape, FakeLedger ledger)
      throws InterruptedException {
    WorkflowStub flow =
        client.newUntypedWorkflowStub(
            "FlowWorkflow",
            WorkflowOptions.newBuilder()
                .setWorkflowId(RUN)
                .setTaskQueue(TaskQueues.FLOWS)
                .setTypedSearchAttributes(SearchKeys.run(RUN, "default", "tiny"))
                .build());
    flow.start(RUN);
    if (shape == FlowShape.CANCELLED) {
      ledger.begun.await();
      flow.cancel();
    }
    try {
      flow.getResult(String.class);
    } catch (WorkflowFailedException cancelled) {
      // The SDK reports every workflow as cancelled that ends after it was asked to.
      if (shape != FlowShape.CANCELLED) {
        throw cancelled;
      }
    }
  }

  private static String json(TestWorkflowEnvironment environment, String workflowId) {
    String pretty = environment.getWorkflowClient().fetchHistory(workflowId).toJson(true);
    String line = LINE.matcher(pretty).replaceAll("");
    return STACK_TRACE.matcher(line).replaceAll("") + "\n";
  }
}
