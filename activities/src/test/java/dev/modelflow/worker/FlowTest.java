package dev.modelflow.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelflow.domain.FailureClass;
import dev.modelflow.domain.FlowPlan;
import dev.modelflow.domain.RunStatus;
import dev.modelflow.domain.StageInput;
import dev.modelflow.domain.StageKind;
import dev.modelflow.domain.StageStatus;
import dev.modelflow.ledger.Events;
import dev.modelflow.ledger.LedgerFixture;
import dev.modelflow.ledger.Run;
import dev.modelflow.ledger.Stage;
import dev.modelflow.read.LogQueries;
import dev.modelflow.services.UsesServices;
import io.temporal.api.common.v1.Payload;
import io.temporal.serviceclient.WorkflowServiceStubs;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

@UsesServices
class FlowTest {
  private final FlowFixture flow;

  FlowTest(@TempDir Path folder) {
    flow = new FlowFixture(folder);
  }

  @AfterEach
  void close() {
    flow.close();
  }

  @Test
  void aRunGoesThroughItsStagesAndRecordsWhatCameFromWhat() {
    flow.work("cpu", new CountingExecutor());
    flow.work("gpu", new CountingExecutor());
    Run run = flow.services().create(LedgerFixture.twoStages());

    assertThat(flow.await(run.id())).isEqualTo(RunStatus.SUCCEEDED);

    Stage pretrain = flow.ledger().stages().get(run.id(), "pretrain");
    Stage synthesize = flow.ledger().stages().get(run.id(), "synthesize");
    assertThat(
            flow.ledger()
                .jdbc()
                .sql("select src from edge where dst = :dst and role = 'documents'")
                .param("dst", flow.ledger().stages().output(pretrain, "documents").hex())
                .query(String.class)
                .list())
        .containsExactly(flow.ledger().stages().output(synthesize, "documents").hex());
  }

  @Test
  void temporalKnowsWhoseAWorkflowIs() {
    flow.work("cpu", new CountingExecutor());
    flow.work("gpu", new CountingExecutor());
    Run run = flow.services().create(LedgerFixture.twoStages());
    flow.await(run.id());

    assertThat(attributes(run.id()))
        .isEqualTo(
            Map.of(
                "ModelflowRun", run.id(),
                "ModelflowProject", "default",
                "ModelflowRecipe", "tiny"));
    assertThat(attributes(run.id() + ".pretrain"))
        .containsEntry("ModelflowRun", run.id())
        .containsEntry("ModelflowStage", "pretrain");
  }

  /**
   * From the raw answer: what the client makes of it lacks what has no type, as on a young server.
   */
  private Map<String, String> attributes(String workflow) {
    WorkflowServiceStubs stubs = TemporalClients.stubs(flow.temporal());
    try {
      return TemporalClients.client(stubs, flow.temporal())
          .newUntypedWorkflowStub(workflow)
          .describe()
          .getRawDescription()
          .getWorkflowExecutionInfo()
          .getSearchAttributes()
          .getIndexedFieldsMap()
          .entrySet()
          .stream()
          .filter(field -> field.getKey().startsWith("Modelflow"))
          .collect(Collectors.toMap(Map.Entry::getKey, field -> text(field.getValue())));
    } finally {
      stubs.shutdownNow();
    }
  }

  private static String text(Payload json) {
    return JsonMapper.shared().readValue(json.getData().toByteArray(), String.class);
  }

  @Test
  void anEqualRunReusesEverythingUnlessAnObjectIsGone() {
    CountingExecutor executor = new CountingExecutor();
    flow.work("cpu", executor);
    flow.work("gpu", executor);
    Run first = flow.services().create(LedgerFixture.twoStages());
    flow.await(first.id());
    Run second = flow.services().create(LedgerFixture.twoStages());
    flow.await(second.id());

    assertThat(executor.executions()).isEqualTo(2);
    assertThat(flow.ledger().stages().of(second.id()))
        .extracting(Stage::status)
        .containsOnly(StageStatus.REUSED);
  }

  @Test
  void aRecipeErrorIsNotRetriedAndIndependentStagesFinish() {
    CountingExecutor executor =
        new CountingExecutor(
            context -> {
              if (context.stage().equals("bad")) {
                throw new StageFailedException(FailureClass.RECIPE, "steps is -1; use 1 or more");
              }
            });
    flow.work("cpu", executor);
    Run run =
        flow.services()
            .create(
                LedgerFixture.plan(
                    LedgerFixture.stage("bad", StageKind.CURATE, "cpu", Map.of(), Map.of()),
                    LedgerFixture.stage("good", StageKind.SYNTHESIZE, "cpu", Map.of(), Map.of()),
                    LedgerFixture.stage(
                        "after",
                        StageKind.PRETRAIN,
                        "cpu",
                        Map.of(),
                        Map.of("documents", new StageInput("bad", "documents", null)))));

    assertThat(flow.await(run.id())).isEqualTo(RunStatus.FAILED);
    assertThat(flow.ledger().stages().of(run.id()))
        .extracting(Stage::status)
        .containsExactly(StageStatus.FAILED, StageStatus.SUCCEEDED, StageStatus.CANCELLED);
    assertThat(flow.ledger().runs().get(run.id()).failureMessage())
        .isEqualTo("Stage 'bad': steps is -1; use 1 or more");
    assertThat(executor.executions()).isEqualTo(2);
  }

  @Test
  void aPlatformErrorIsRetried() {
    AtomicInteger failures = new AtomicInteger(2);
    flow.work(
        "cpu",
        new CountingExecutor(
            context -> {
              if (failures.getAndDecrement() > 0) {
                throw new IllegalStateException("The disk is full");
              }
            }));
    Run run = flow.services().create(oneStage());
    assertThat(flow.await(run.id())).isEqualTo(RunStatus.SUCCEEDED);
    assertThat(flow.ledger().stages().get(run.id(), "synthesize").epoch()).isEqualTo(3);
  }

  @Test
  void whatAnAttemptSaidStaysWhenItFails() {
    AtomicInteger failures = new AtomicInteger(1);
    flow.work(
        "cpu",
        new CountingExecutor(
            context -> {
              context.log("Counting <b>to</b> ten");
              context.event(Events.Level.WARNING, "It is late");
              if (failures.getAndDecrement() > 0) {
                throw new IllegalStateException("The disk is full");
              }
            }));
    Run run = flow.services().create(oneStage());
    assertThat(flow.await(run.id())).isEqualTo(RunStatus.SUCCEEDED);
    LogQueries logs = new LogQueries(flow.ledger().jdbc());
    assertThat(logs.text(run.id(), "synthesize", 1, 100).lines())
        .startsWith(
            "Attempt 1 on worker cpu-0, code counting 1",
            "Counting <b>to</b> ten",
            "warning: It is late",
            "java.lang.IllegalStateException: The disk is full")
        .endsWith("Failed (platform): java.lang.IllegalStateException: The disk is full");
    assertThat(logs.text(run.id(), "synthesize", 2, 100).lines())
        .containsExactly(
            "Attempt 2 on worker cpu-0, code counting 1",
            "Counting <b>to</b> ten",
            "warning: It is late",
            "Done; outputs: documents");
  }

  @Test
  void cancelStopsTheWorkAndTheRun() throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(1);
    flow.work(
        "cpu",
        new CountingExecutor(
            context -> {
              begun.countDown();
              while (true) {
                context.throwIfStopped();
                Thread.sleep(20);
              }
            }));
    Run run = flow.services().create(oneStage());
    begun.await();
    flow.ledger().runs().requestCancel(run.id(), "tester");
    assertThat(flow.await(run.id())).isEqualTo(RunStatus.CANCELLED);
    assertThat(flow.ledger().stages().get(run.id(), "synthesize").status())
        .isEqualTo(StageStatus.CANCELLED);
    assertThat(new LogQueries(flow.ledger().jdbc()).text(run.id(), "synthesize", 1, 1))
        .endsWith("Cancelled\n");
  }

  @Test
  void aRunGoesOnWhenTheWorkflowEngineLostItsMemory() throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch restarted = new CountDownLatch(1);
    flow.work(
        "cpu",
        new CountingExecutor(
            context -> {
              begun.countDown();
              while (restarted.getCount() > 0) {
                context.throwIfStopped();
                Thread.sleep(20);
              }
            }));
    Run run = flow.services().create(oneStage());
    begun.await();
    flow.forgetWorkflows();
    FlowFixture.pause();
    restarted.countDown();
    assertThat(flow.await(run.id())).isEqualTo(RunStatus.SUCCEEDED);
  }

  private static FlowPlan oneStage() {
    return LedgerFixture.plan(
        LedgerFixture.stage("synthesize", StageKind.SYNTHESIZE, "cpu", Map.of(), Map.of()));
  }
}
