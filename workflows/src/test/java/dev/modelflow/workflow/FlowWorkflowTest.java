package dev.modelflow.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import dev.modelflow.domain.RunStatus;
import dev.modelflow.domain.StageStatus;
import dev.modelflow.workflow.RunActivities.PlannedStage;
import io.temporal.activity.Activity;
import io.temporal.api.enums.v1.IndexedValueType;
import io.temporal.client.ActivityCompletionException;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowStub;
import io.temporal.failure.ApplicationFailure;
import io.temporal.failure.CanceledFailure;
import io.temporal.testing.TestEnvironmentOptions;
import io.temporal.testing.TestWorkflowEnvironment;
import io.temporal.testing.WorkflowReplayer;
import io.temporal.worker.WorkerFactoryOptions;
import io.temporal.worker.WorkerOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FlowWorkflowTest {
  private static final String RUN = "run";

  private final TestWorkflowEnvironment environment =
      TestWorkflowEnvironment.newInstance(
          TestEnvironmentOptions.newBuilder()
              .setWorkerFactoryOptions(WorkerFactoryOptions.newBuilder().build())
              .build());

  @AfterEach
  void close() {
    environment.close();
  }

  @Test
  void stagesThatDoNotHangOnEachOtherRunAtTheSameTime() {
    CountDownLatch both = new CountDownLatch(2);
    FakeLedger ledger =
        new FakeLedger(stage("left"), stage("right"), stage("end", "left", "right"));
    Map<String, Integer> attempts =
        run(
            ledger,
            task -> {
              if (!task.stage().equals("end")) {
                both.countDown();
                assertThat(both.await(20, TimeUnit.SECONDS)).isTrue();
              }
              return StageStatus.SUCCEEDED;
            },
            RunStatus.SUCCEEDED);
    assertThat(attempts).containsOnlyKeys("left", "right", "end");
  }

  @Test
  void aReusedStageNeedsNoWorker() {
    FakeLedger ledger = new FakeLedger(stage("curate"), stage("pretrain", "curate"));
    ledger.prepared.put("curate", StageStatus.REUSED);
    assertThat(run(ledger, task -> StageStatus.SUCCEEDED, RunStatus.SUCCEEDED))
        .containsExactly(entry("pretrain", 1));
  }

  @Test
  void afterAFailureIndependentStagesFinishAndLaterOnesAreCancelled() {
    FakeLedger ledger = new FakeLedger(stage("bad"), stage("good"), stage("after", "bad"));
    Map<String, Integer> attempts =
        run(
            ledger,
            task -> {
              if (task.stage().equals("bad")) {
                throw ApplicationFailure.newNonRetryableFailure("steps is -1", "recipe");
              }
              return StageStatus.SUCCEEDED;
            },
            RunStatus.FAILED);
    assertThat(attempts).containsOnly(entry("bad", 1), entry("good", 1));
    assertThat(ledger.closed)
        .containsOnly(entry("bad", StageStatus.FAILED), entry("after", StageStatus.CANCELLED));
    assertThat(ledger.messages).containsEntry("bad", "recipe: steps is -1");
  }

  @Test
  void failuresOfThePlatformAreRetriedUntilTooManyBringNoProgressForTooLong() {
    FakeLedger ledger = new FakeLedger(stage("pretrain"));
    long begun = environment.currentTimeMillis();
    Map<String, Integer> attempts =
        run(
            ledger,
            task -> {
              throw ApplicationFailure.newNonRetryableFailure("no memory", "platform");
            },
            RunStatus.FAILED);
    assertThat(attempts.get("pretrain")).isGreaterThan(FruitlessAttempts.MOST);
    assertThat(Duration.ofMillis(environment.currentTimeMillis() - begun))
        .isGreaterThanOrEqualTo(FruitlessAttempts.LONGEST);
    assertThat(ledger.messages).containsEntry("pretrain", "platform: no memory");
  }

  @Test
  void aTrainerThatFailsByItselfIsSoonGivenUp() {
    FakeLedger ledger = new FakeLedger(stage("pretrain"));
    Map<String, Integer> attempts =
        run(
            ledger,
            task -> {
              throw ApplicationFailure.newNonRetryableFailure(
                  "The trainer ended with status 1", StageActivities.TRAINER);
            },
            RunStatus.FAILED);
    assertThat(attempts).containsOnly(entry("pretrain", FruitlessAttempts.MOST));
    assertThat(ledger.messages)
        .containsEntry("pretrain", "platform: The trainer ended with status 1");
  }

  @Test
  void failuresOfThePlatformInBetweenAreNotTheTrainersDoing() {
    List<String> types = new ArrayList<>();
    run(
        new FakeLedger(stage("pretrain")),
        task -> {
          boolean trainer = types.size() % 2 == 0;
          types.add(trainer ? StageActivities.TRAINER : "platform");
          if (types.size() == 2 * FruitlessAttempts.MOST - 2) {
            return StageStatus.SUCCEEDED;
          }
          throw ApplicationFailure.newNonRetryableFailure("no luck", types.getLast());
        },
        RunStatus.SUCCEEDED);
    assertThat(types).hasSize(2 * FruitlessAttempts.MOST - 2);
  }

  @Test
  void anAttemptThatItsWorkerGaveUpDoesNotCount() {
    int stops = 3 * FruitlessAttempts.MOST;
    List<Long> begun = new ArrayList<>();
    run(
        new FakeLedger(stage("pretrain")),
        task -> {
          begun.add(environment.currentTimeMillis());
          if (begun.size() <= stops) {
            throw ApplicationFailure.newNonRetryableFailure("drained", StageActivities.STOPPED);
          }
          if (begun.size() == stops + 1) {
            throw ApplicationFailure.newNonRetryableFailure("no memory", "platform");
          }
          return StageStatus.SUCCEEDED;
        },
        RunStatus.SUCCEEDED);
    // The pause grows with the failures that counted: one second after the first, a minute after
    // many.
    assertThat(Duration.ofMillis(begun.getLast() - begun.get(stops)))
        .isLessThan(Duration.ofSeconds(30));
  }

  @Test
  void whatIsAwayForAWhileFailsNoRun() {
    FakeLedger ledger = new FakeLedger(stage("pretrain"));
    long back = environment.currentTimeMillis() + Duration.ofMinutes(20).toMillis();
    run(
        ledger,
        task -> {
          if (environment.currentTimeMillis() < back) {
            throw ApplicationFailure.newNonRetryableFailure("no room on the disk", "platform");
          }
          return StageStatus.SUCCEEDED;
        },
        RunStatus.SUCCEEDED);
  }

  @Test
  void aNewCheckpointGivesFreshPatience() {
    FakeLedger ledger = new FakeLedger(stage("pretrain"));
    AtomicInteger attempt = new AtomicInteger();
    Map<String, Integer> attempts =
        run(
            ledger,
            task -> {
              if (attempt.incrementAndGet() == 20) {
                return StageStatus.SUCCEEDED;
              }
              ledger.committedStep = attempt.get() / 4;
              throw new IllegalStateException("killed");
            },
            RunStatus.SUCCEEDED);
    assertThat(attempts).containsEntry("pretrain", 20);
  }

  @Test
  void aCancelledRunWaitsForItsWorkersAndClosesWhatHasNotBegun() throws InterruptedException {
    FakeLedger ledger = new FakeLedger(stage("pretrain"), stage("sft", "pretrain"));
    CountDownLatch begun = new CountDownLatch(1);
    FlowWorkflow flow =
        start(
            ledger,
            new FakeWorker(
                task -> {
                  begun.countDown();
                  while (true) {
                    try {
                      Activity.getExecutionContext().heartbeat(1);
                      Thread.sleep(50);
                    } catch (ActivityCompletionException asked) {
                      return StageStatus.CANCELLED;
                    }
                  }
                }));
    WorkflowClient.start(flow::carry, RUN);
    begun.await();
    WorkflowStub.fromTyped(flow).cancel();
    // The SDK reports every workflow as cancelled that ends after it was asked to.
    assertThatThrownBy(() -> WorkflowStub.fromTyped(flow).getResult(RunStatus.class))
        .hasCauseInstanceOf(CanceledFailure.class);
    assertThat(ledger.finished).hasValue(RunStatus.CANCELLED);
    assertThat(ledger.closed)
        .containsOnly(
            entry("pretrain", StageStatus.CANCELLED), entry("sft", StageStatus.CANCELLED));
  }

  @Test
  void aStageIsFoundByWhatItsRunIsFoundBy() {
    SearchKeys.names()
        .forEach(
            name ->
                environment.registerSearchAttribute(
                    name, IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD));
    start(new FakeLedger(stage("pretrain")), new FakeWorker(task -> StageStatus.SUCCEEDED));
    FlowWorkflow flow =
        environment
            .getWorkflowClient()
            .newWorkflowStub(
                FlowWorkflow.class,
                WorkflowOptions.newBuilder()
                    .setWorkflowId(RUN)
                    .setTaskQueue(TaskQueues.FLOWS)
                    .setTypedSearchAttributes(SearchKeys.run(RUN, "default", "tiny"))
                    .build());
    assertThat(flow.carry(RUN)).isEqualTo(RunStatus.SUCCEEDED);
    replay(RUN, FlowWorkflowImpl.class);
    assertThat(attributes(RUN + ".pretrain"))
        .containsOnly(
            entry("ModelflowRun", "\"run\""),
            entry("ModelflowProject", "\"default\""),
            entry("ModelflowRecipe", "\"tiny\""),
            entry("ModelflowStage", "\"pretrain\""));
  }

  private Map<String, String> attributes(String workflowId) {
    Map<String, String> attributes = new HashMap<>();
    environment
        .getWorkflowClient()
        .fetchHistory(workflowId)
        .getEvents()
        .getFirst()
        .getWorkflowExecutionStartedEventAttributes()
        .getSearchAttributes()
        .getIndexedFieldsMap()
        .forEach((name, value) -> attributes.put(name, value.getData().toStringUtf8()));
    return attributes;
  }

  private Map<String, Integer> run(FakeLedger ledger, FakeWorker.Work work, RunStatus expected) {
    FakeWorker worker = new FakeWorker(work);
    FlowWorkflow flow = start(ledger, worker);
    assertThat(flow.carry(RUN)).isEqualTo(expected);
    replay(RUN, FlowWorkflowImpl.class);
    worker.attempts().keySet().forEach(stage -> replay(RUN + "." + stage, StageWorkflowImpl.class));
    return worker.attempts();
  }

  private FlowWorkflow start(FakeLedger ledger, FakeWorker worker) {
    WorkerOptions prompt =
        WorkerOptions.newBuilder().setMaxHeartbeatThrottleInterval(Duration.ofMillis(50)).build();
    FlowRecorder.register(environment, ledger);
    environment.newWorker("gpu", prompt).registerActivitiesImplementations(worker);
    environment.start();
    return environment
        .getWorkflowClient()
        .newWorkflowStub(
            FlowWorkflow.class,
            WorkflowOptions.newBuilder().setWorkflowId(RUN).setTaskQueue(TaskQueues.FLOWS).build());
  }

  private void replay(String workflowId, Class<?> implementation) {
    try {
      WorkflowReplayer.replayWorkflowExecution(
          environment.getWorkflowClient().fetchHistory(workflowId), implementation);
    } catch (Exception different) {
      throw new AssertionError("Replay of " + workflowId + " went another way", different);
    }
  }

  private static PlannedStage stage(String name, String... after) {
    return new PlannedStage(name, "gpu", List.of(after));
  }
}
