package dev.modelflow.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.modelflow.domain.AttemptStatus;
import dev.modelflow.domain.FlowPlan;
import dev.modelflow.domain.RunStatus;
import dev.modelflow.domain.StageKind;
import dev.modelflow.domain.WorkerDuty;
import dev.modelflow.domain.WorkerState;
import dev.modelflow.ledger.LedgerFixture;
import dev.modelflow.ledger.Run;
import dev.modelflow.objects.ArtifactCache;
import dev.modelflow.read.AttemptView;
import dev.modelflow.read.WorkerQueries;
import dev.modelflow.services.UsesServices;
import dev.modelflow.workflow.StageActivities;
import dev.modelflow.workflow.StageTask;
import io.temporal.failure.ApplicationFailure;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@UsesServices
@Timeout(180)
class FleetTest {
  private final Path folder;
  private final FlowFixture flow;

  FleetTest(@TempDir Path folder) {
    this.folder = folder;
    this.flow = new FlowFixture(folder);
  }

  @AfterEach
  void close() {
    flow.close();
  }

  @Test
  void twoWorkersOfAPoolShareItsWork() {
    CountDownLatch both = new CountDownLatch(2);
    StageExecutor meeting =
        new CountingExecutor(
            context -> {
              both.countDown();
              assertThat(both.await(60, TimeUnit.SECONDS)).isTrue();
            });
    flow.work("cpu", meeting);
    flow.work("cpu", meeting);
    List<Run> runs = IntStream.range(0, 6).mapToObj(this::run).toList();

    assertThat(runs).allMatch(run -> flow.await(run.id()) == RunStatus.SUCCEEDED);
    assertThat(runs.stream().flatMap(run -> attempts(run).stream()).map(AttemptView::worker))
        .hasSize(6)
        .contains("cpu-0", "cpu-1");
  }

  @Test
  void aCordonedWorkerGoesOnWithWhatItHasAndTakesNoMore() throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch released = new CountDownLatch(1);
    flow.work(
        "cpu",
        new CountingExecutor(
            context -> {
              begun.countDown();
              released.await();
            }));
    Run first = run(1);
    begun.await();
    tell("cpu-0", WorkerDuty.CORDONED);
    flow.work("cpu", new CountingExecutor());
    Run second = run(2);
    assertThat(flow.await(second.id())).isEqualTo(RunStatus.SUCCEEDED);

    released.countDown();
    assertThat(flow.await(first.id())).isEqualTo(RunStatus.SUCCEEDED);
    Run third = run(3);
    assertThat(flow.await(third.id())).isEqualTo(RunStatus.SUCCEEDED);

    assertThat(attempts(first)).extracting(AttemptView::worker).containsExactly("cpu-0");
    assertThat(attempts(second)).extracting(AttemptView::worker).containsExactly("cpu-1");
    assertThat(attempts(third)).extracting(AttemptView::worker).containsExactly("cpu-1");
  }

  @Test
  void anAttemptThatComesToACordonedWorkerIsGivenBackBeforeItBegins() {
    AttemptRunner runner =
        new AttemptRunner(
            flow.ledger(),
            flow.services().store(),
            new ArtifactCache(folder.resolve("cache"), 1_000_000, flow.services().store()),
            folder.resolve("work"),
            "cpu-9",
            List.of(new CountingExecutor()));
    runner.obey(WorkerDuty.CORDONED);
    assertThatThrownBy(() -> runner.attempt(new StageTask("run", "stage", "cpu")))
        .isInstanceOfSatisfying(
            ApplicationFailure.class,
            failure -> assertThat(failure.getType()).isEqualTo(StageActivities.STOPPED))
        .hasMessageContaining("Worker 'cpu-9' is cordoned");
  }

  @Test
  void aDrainedWorkersAttemptGoesOnElsewhereFromItsLastCheckpoint() {
    flow.work("cpu", new SteppingExecutor(true));
    Run run = run(1);
    Stepping.awaitStep(flow, run, SteppingExecutor.HELD_AT);
    flow.work("cpu", new SteppingExecutor(true));
    flow.ledger().workers().assign("cpu-0", WorkerDuty.DRAINED, "tester");

    assertThat(flow.await(run.id())).isEqualTo(RunStatus.SUCCEEDED);
    assertThat(attempts(run))
        .extracting(AttemptView::worker, AttemptView::status, AttemptView::resumedFrom)
        .containsExactly(
            tuple("cpu-0", AttemptStatus.CANCELLED, null),
            tuple("cpu-1", AttemptStatus.SUCCEEDED, 25L));
    assertThat(attempts(run).getFirst().failureMessage())
        .isEqualTo("worker 'cpu-0' is drained; another attempt goes on from the last checkpoint");
    assertThat(Stepping.output(flow, run)).isEqualTo(Stepping.expected());
    assertThat(state("cpu-0")).isEqualTo(WorkerState.DRAINED);
  }

  @Test
  void whatAWorkerWasToldHoldsAfterItsRestartUntilItIsToldOtherwise() throws InterruptedException {
    WorkerConfig config = flow.config("cpu-7", "cpu");
    PoolWorker.start(config, List.of(new CountingExecutor())).close();
    assertThat(state("cpu-7")).isEqualTo(WorkerState.ENDED);
    flow.ledger().workers().assign("cpu-7", WorkerDuty.CORDONED, "tester");
    flow.work("other", new CountingExecutor());
    Run run = run(1);
    try (PoolWorker _ = PoolWorker.start(config, List.of(new CountingExecutor()))) {
      awaitHeard("cpu-7");
      assertThat(attempts(run)).isEmpty();
      assertThat(state("cpu-7")).isEqualTo(WorkerState.CORDONED);
      flow.ledger().workers().assign("cpu-7", WorkerDuty.READY, "tester");
      assertThat(flow.await(run.id())).isEqualTo(RunStatus.SUCCEEDED);
    }
  }

  @Test
  void aWorkerThatTheLedgerForgotRegistersAnew() {
    flow.work("cpu", new CountingExecutor());
    flow.ledger().jdbc().sql("delete from worker").update();
    while (new WorkerQueries(flow.ledger().jdbc()).find("cpu-0").isEmpty()) {
      FlowFixture.pause();
    }
    assertThat(new WorkerQueries(flow.ledger().jdbc()).find("cpu-0").orElseThrow().labels())
        .isEqualTo(Map.of("zone", "a"));
  }

  private Run run(int number) {
    FlowPlan plan =
        LedgerFixture.plan(
            LedgerFixture.stage(
                "synthesize", StageKind.SYNTHESIZE, "cpu", Map.of("sums", number), Map.of()));
    return flow.services().create(plan);
  }

  private void tell(String worker, WorkerDuty duty) {
    flow.ledger().workers().assign(worker, duty, "tester");
    awaitHeard(worker);
  }

  /** It has done what it was told before the first time when it is heard the second time. */
  private void awaitHeard(String worker) {
    for (int times = 0; times < 2; times++) {
      Instant before = heard(worker);
      while (heard(worker).equals(before)) {
        FlowFixture.pause();
      }
    }
  }

  private Instant heard(String worker) {
    return new WorkerQueries(flow.ledger().jdbc()).find(worker).orElseThrow().lastHeardAt();
  }

  private WorkerState state(String worker) {
    return new WorkerQueries(flow.ledger().jdbc()).find(worker).orElseThrow().state();
  }

  private List<AttemptView> attempts(Run run) {
    return Stepping.attempts(flow, run);
  }
}
