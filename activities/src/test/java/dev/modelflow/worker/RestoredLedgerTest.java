package dev.modelflow.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelflow.backup.Backups;
import dev.modelflow.domain.Digest;
import dev.modelflow.domain.RunStatus;
import dev.modelflow.domain.StageStatus;
import dev.modelflow.ledger.Checkpoint;
import dev.modelflow.ledger.Ledger;
import dev.modelflow.ledger.LedgerFixture;
import dev.modelflow.ledger.Run;
import dev.modelflow.ledger.Stage;
import dev.modelflow.services.UsesServices;
import io.temporal.api.enums.v1.WorkflowExecutionStatus;
import io.temporal.client.WorkflowClient;
import io.temporal.serviceclient.WorkflowServiceStubs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of runs when the ledger goes back to an earlier state and all else went on. */
@UsesServices
class RestoredLedgerTest {
  private final Path folder;
  private final FlowFixture flow;
  private final CountDownLatch firstStageMayEnd = new CountDownLatch(1);
  private final CountDownLatch secondStageMayEnd = new CountDownLatch(1);
  private final CountDownLatch firstStageBegan = new CountDownLatch(1);
  private final CountDownLatch secondStageBegan = new CountDownLatch(1);
  private final List<Long> resumed = new CopyOnWriteArrayList<>();

  RestoredLedgerTest(@TempDir Path folder) {
    this.folder = folder;
    this.flow = new FlowFixture(folder.resolve("flow"));
  }

  @AfterEach
  void close() {
    flow.close();
  }

  @Test
  void aRunThatEndedSinceEndsAgainWithTheSameOutputs() throws InterruptedException {
    work();
    Run run = flow.services().create(LedgerFixture.twoStages());
    secondStageBegins();
    LedgerPast past = LedgerPast.remember(flow.services().ledgerConfig());
    secondStageMayEnd.countDown();
    flow.await(run.id());
    Map<String, Digest> undisturbed = outputs(flow.ledger(), run);

    past.restore();

    assertThat(flow.ledger().runs().get(run.id()).ended()).isFalse();
    assertThat(flow.await(run.id())).isEqualTo(RunStatus.SUCCEEDED);
    assertThat(outputs(flow.ledger(), run)).isEqualTo(undisturbed);
  }

  @Test
  void aRunWhoseWorkflowIsFurtherThanTheLedgerEndsAsIfNothingHadHappened()
      throws InterruptedException {
    work();
    Run run = flow.services().create(LedgerFixture.twoStages());
    firstStageBegan.await();
    LedgerPast past = LedgerPast.remember(flow.services().ledgerConfig());
    secondStageBegins();
    Digest first = outputs(flow.ledger(), run).get("synthesize");

    past.restore();
    secondStageMayEnd.countDown();

    assertThat(flow.await(run.id())).isEqualTo(RunStatus.SUCCEEDED);
    assertThat(outputs(flow.ledger(), run)).containsEntry("synthesize", first).hasSize(2);
    assertThat(flow.ledger().stages().of(run.id()))
        .extracting(Stage::status)
        .containsOnly(StageStatus.SUCCEEDED);
  }

  @Test
  void aRunThatTheLedgerDoesNotKnowEndsQuietlyAndDisturbsNobody() throws InterruptedException {
    work();
    LedgerPast past = LedgerPast.remember(flow.services().ledgerConfig());
    Run lost = flow.services().create(LedgerFixture.twoStages());
    secondStageBegins();
    long stage = flow.ledger().stages().get(lost.id(), "synthesize").id();

    past.restore();
    Run next = flow.services().create(LedgerFixture.twoStages());
    assertThat(flow.ledger().stages().get(next.id(), "synthesize").id()).isEqualTo(stage);
    secondStageMayEnd.countDown();

    assertThat(flow.await(next.id())).isEqualTo(RunStatus.SUCCEEDED);
    assertThat(ending(lost.id()))
        .isEqualTo(WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_COMPLETED);
    assertThat(flow.ledger().runs().find(lost.id())).isEmpty();
    assertThat(outputs(flow.ledger(), next)).hasSize(2);
  }

  @Test
  void aRunGoesOnFromItsLastCheckpointOnAnEmptyStackThatABackupWasRestoredTo() throws Exception {
    work();
    Run run = flow.services().create(LedgerFixture.twoStages());
    secondStageBegins();
    Path backup = folder.resolve("backup");
    new Backups(flow.services().ledgerConfig(), flow.services().storeConfig(), said -> {})
        .take(backup);
    secondStageMayEnd.countDown();
    flow.await(run.id());
    assertThat(resumed).isEmpty();

    LedgerFixture restored =
        new LedgerFixture(
            (ledger, store) -> new Backups(ledger, store, said -> {}).restore(backup, null));
    try (FlowFixture elsewhere =
        new FlowFixture(folder.resolve("elsewhere"), restored, temporal -> temporal)) {
      work(elsewhere);
      assertThat(elsewhere.await(run.id())).isEqualTo(RunStatus.SUCCEEDED);
      assertThat(resumed).containsExactly(10L);
      assertThat(outputs(elsewhere.ledger(), run)).isEqualTo(outputs(flow.ledger(), run));
      assertThat(checkpoints(elsewhere.ledger(), run)).isEqualTo(checkpoints(flow.ledger(), run));
    }
  }

  private void secondStageBegins() throws InterruptedException {
    firstStageMayEnd.countDown();
    assertThat(secondStageBegan.await(60, TimeUnit.SECONDS)).isTrue();
  }

  private void work() {
    work(flow);
  }

  private void work(FlowFixture where) {
    where.work("cpu", new CountingExecutor(context -> wait(firstStageBegan, firstStageMayEnd)));
    where.work("gpu", new CountingExecutor(this::train));
  }

  private void train(StageContext context) throws Exception {
    context.resume().ifPresent(point -> resumed.add(point.step()));
    if (context.resume().isEmpty()) {
      commit(context, 10);
    }
    wait(secondStageBegan, secondStageMayEnd);
    commit(context, 20);
  }

  private static void wait(CountDownLatch began, CountDownLatch mayEnd)
      throws InterruptedException {
    began.countDown();
    mayEnd.await();
  }

  private static void commit(StageContext context, long step) throws Exception {
    Path made = Files.createDirectories(context.workFolder().resolve("checkpoint-" + step));
    Files.writeString(made.resolve("weights"), "after step " + step);
    context.commitCheckpoint(step, step * 100, made);
  }

  /** How the run's workflow ended, waiting until it has. */
  private WorkflowExecutionStatus ending(String runId) {
    WorkflowServiceStubs stubs = TemporalClients.stubs(flow.temporal());
    try {
      WorkflowClient client = TemporalClients.client(stubs, flow.temporal());
      client.newUntypedWorkflowStub(runId).getResult(RunStatus.class);
      return client.newUntypedWorkflowStub(runId).describe().getStatus();
    } finally {
      stubs.shutdownNow();
    }
  }

  private static Map<String, Digest> outputs(Ledger ledger, Run run) {
    Map<String, Digest> outputs = new TreeMap<>();
    for (Stage stage : ledger.stages().of(run.id())) {
      Digest output = ledger.stages().outputs(stage.id()).get("documents");
      if (output != null) {
        outputs.put(stage.name(), output);
      }
    }
    return outputs;
  }

  private static List<Checkpoint> checkpoints(Ledger ledger, Run run) {
    List<Checkpoint> all = new ArrayList<>();
    ledger.stages().of(run.id()).forEach(it -> all.addAll(ledger.stages().checkpoints(it.id())));
    return all;
  }
}
