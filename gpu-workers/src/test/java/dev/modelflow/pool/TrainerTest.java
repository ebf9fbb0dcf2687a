package dev.modelflow.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.modelflow.domain.AttemptStatus;
import dev.modelflow.domain.Digest;
import dev.modelflow.domain.FlowPlan;
import dev.modelflow.domain.Manifest;
import dev.modelflow.domain.RunStatus;
import dev.modelflow.domain.StageKind;
import dev.modelflow.domain.StageStatus;
import dev.modelflow.ledger.Checkpoint;
import dev.modelflow.ledger.Fence;
import dev.modelflow.ledger.LedgerFixture;
import dev.modelflow.ledger.NewRun;
import dev.modelflow.ledger.Run;
import dev.modelflow.ledger.RunOrigin;
import dev.modelflow.ledger.Stage;
import dev.modelflow.ledger.StageStart;
import dev.modelflow.read.AttemptView;
import dev.modelflow.read.LogQueries;
import dev.modelflow.read.StageQueries;
import dev.modelflow.services.UsesServices;
import dev.modelflow.worker.FlowFixture;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@UsesServices
@Tag("trainers")
class TrainerTest {
  private final Path folder;
  private final FlowFixture flow;

  TrainerTest(@TempDir Path folder) {
    this.folder = folder;
    this.flow = new FlowFixture(folder.resolve("workers"));
    work("gpu", FakeTrainer.setup());
  }

  private void work(String pool, TrainerSetup setup) {
    DeviceLocks locks = new DeviceLocks(folder.resolve("locks"));
    flow.work(pool, new GpuStageExecutor(setup, List.of(Device.cpu(1)), locks));
  }

  @AfterEach
  void close() {
    flow.close();
  }

  @Test
  void aTrainersCheckpointsNumbersAndOutputAreKept() {
    Stage stage = trained(create(Map.of("steps", 12)));
    assertThat(flow.ledger().stages().checkpoints(stage.id()))
        .extracting(Checkpoint::step)
        .containsExactly(5L, 10L, 12L);
    assertThat(flow.ledger().stages().output(stage, "checkpoint"))
        .isEqualTo(flow.ledger().stages().checkpoints(stage.id()).getLast().artifact());
    assertThat(
            flow.ledger()
                .jdbc()
                .sql("select count(*) from metric where stage_id = :id and name = 'loss'")
                .param("id", stage.id())
                .query(Long.class)
                .single())
        .isEqualTo(12);
    assertThat(new StageQueries(flow.ledger().jdbc()).attempts(stage.runId()))
        .extracting(AttemptView::device)
        .containsExactly("cpu, 1 thread, float32");
  }

  @Test
  void afterACrashTheNextAttemptResumesFromTheCommittedCheckpoint() {
    Stage stage = trained(create(Map.of("steps", 12, "crashAt", 8)));
    assertThat(stage.epoch()).isEqualTo(2);
    assertThat(events(stage))
        .contains("Attempt 2 resumed: last checkpoint after step 5, work goes on after step 5")
        .anyMatch(text -> text.contains("status 137") && text.contains("Out of memory, or so"));
    LogQueries logs = new LogQueries(flow.ledger().jdbc());
    assertThat(logs.text(stage.runId(), "pretrain", 1, 100).lines())
        .startsWith(
            "Attempt 1 on worker gpu-0, code fake 1",
            "Out of memory, or so",
            "Failed (platform): The trainer ended with status 137 and without saying why; its last"
                + " words:");
    assertThat(logs.text(stage.runId(), "pretrain", 2, 100)).contains("Attempt 2 resumed");
  }

  @Test
  void aHungTrainerIsKilledAndTheNextAttemptResumes() {
    // A trainer's start is silent, too, and must not be what is cut.
    work("impatient", FakeTrainer.setup(Duration.ofSeconds(10)));
    Stage stage = trained(create("impatient", Map.of("steps", 12, "hangAt", 8)));
    assertThat(folder.resolve(FakeTrainer.HUNG)).exists();
    assertThat(attempts(stage))
        .extracting(AttemptView::status, AttemptView::resumedFrom)
        .containsExactly(tuple(AttemptStatus.FAILED, null), tuple(AttemptStatus.SUCCEEDED, 5L));
    assertThat(attempts(stage).getFirst().failureMessage())
        .startsWith("The trainer said nothing for 10 seconds and was killed");
  }

  @Test
  void aTrainerThatStartsOverInsteadOfResumingIsStoppedAndSoonGivenUp() {
    Run run = create(Map.of("steps", 12, "crashAt", 8, "lie", true));
    assertThat(flow.await(run.id())).isEqualTo(RunStatus.FAILED);
    Stage stage = flow.ledger().stages().get(run.id(), "pretrain");
    assertThat(flow.ledger().runs().get(run.id()).failureMessage())
        .contains("continues after step 0 but was given the checkpoint of step 5");
    assertThat(stage.epoch()).isEqualTo(5);
    assertThat(flow.ledger().stages().checkpoints(stage.id()))
        .extracting(Checkpoint::step)
        .containsExactly(5L);
  }

  @Test
  void aFailureOfTheDataIsNotRetried() {
    Run run = create(Map.of("steps", 12, "failAt", 3));
    assertThat(flow.await(run.id())).isEqualTo(RunStatus.FAILED);
    Stage stage = flow.ledger().stages().get(run.id(), "pretrain");
    assertThat(stage.epoch()).isEqualTo(1);
    assertThat(flow.ledger().runs().get(run.id()).failureMessage())
        .isEqualTo("Stage 'pretrain': Shard 3 is empty; curate again");
  }

  @Test
  void cancelLeavesALastCheckpointToBranchFrom() {
    Run run = create(Map.of("steps", 100_000, "checkpointEvery", 90_000));
    Trainers.awaitStep(flow, run, 20);
    flow.ledger().runs().requestCancel(run.id(), "tester");
    assertThat(flow.await(run.id())).isEqualTo(RunStatus.CANCELLED);
    Stage stage = flow.ledger().stages().get(run.id(), "pretrain");
    assertThat(flow.ledger().stages().checkpoints(stage.id())).hasSize(1);
  }

  @Test
  void ofTwoOverlappingAttemptsOnlyTheNewerCommits() {
    Run run = create(Map.of("steps", 100_000, "checkpointEvery", 20));
    Trainers.awaitCheckpoint(flow, run, 1, 20);
    assertThat(Trainers.running()).hasSize(1);
    Stage stage = flow.ledger().stages().get(run.id(), "pretrain");
    Fence newer = flow.ledger().attempts().begin(stage, "other", Map.of()).orElseThrow();
    List<Checkpoint> before = flow.ledger().stages().checkpoints(stage.id());
    Manifest manifest = flow.ledger().artifacts().get(before.getLast().artifact());
    flow.ledger().attempts().succeed(newer, Map.of("checkpoint", manifest), Map.of());

    // The older trainer announces a checkpoint every few milliseconds until it is killed.
    Trainers.await(() -> Trainers.running().isEmpty());
    assertThat(flow.ledger().stages().checkpoints(stage.id())).isEqualTo(before);
    assertThat(flow.await(run.id())).isEqualTo(RunStatus.SUCCEEDED);
    assertThat(flow.ledger().stages().output(stage, "checkpoint")).isEqualTo(manifest.id());
  }

  @Test
  void killingTheTrainerAtRandomMomentsDoesNotChangeTheLastDigest() {
    Map<String, @Nullable Object> parameters =
        Map.of("steps", 300, "checkpointEvery", 10, "stepMillis", 10);
    Digest undisturbed = output(trained(create(parameters)));

    Run run = create(parameters);
    Random random = new Random(7);
    int kills = 0;
    for (int step = random.nextInt(60); step < 280; step += 20 + random.nextInt(100)) {
      Trainers.awaitStep(flow, run, step);
      kills +=
          Trainers.running().stream().mapToInt(trainer -> trainer.destroyForcibly() ? 1 : 0).sum();
    }
    Stage stage = trained(run);
    assertThat(kills).isPositive();
    assertThat(stage.epoch()).isGreaterThan(1);
    assertThat(output(stage)).isEqualTo(undisturbed);
  }

  private Stage trained(Run run) {
    assertThat(flow.await(run.id())).isEqualTo(RunStatus.SUCCEEDED);
    Stage stage = flow.ledger().stages().get(run.id(), "pretrain");
    assertThat(stage.status()).isEqualTo(StageStatus.SUCCEEDED);
    return stage;
  }

  private Digest output(Stage stage) {
    return flow.ledger().stages().output(stage, "checkpoint");
  }

  /** Oldest first. */
  private List<AttemptView> attempts(Stage stage) {
    return new StageQueries(flow.ledger().jdbc()).attempts(stage.runId()).reversed();
  }

  private Run create(Map<String, @Nullable Object> parameters) {
    return create("gpu", parameters);
  }

  private Run create(String pool, Map<String, @Nullable Object> parameters) {
    Map<String, @Nullable Object> all = new LinkedHashMap<>(parameters);
    all.put("scratch", folder.toString());
    FlowPlan plan =
        LedgerFixture.plan(
            LedgerFixture.stage("pretrain", StageKind.PRETRAIN, pool, all, Map.of()));
    return flow.ledger()
        .runs()
        .create(
            new NewRun(
                "trainer-" + System.nanoTime(),
                "default",
                plan,
                RunOrigin.none(),
                Map.of(),
                Map.of("pretrain", new StageStart.Afresh()),
                "tester"));
  }

  private List<String> events(Stage stage) {
    return flow.ledger()
        .jdbc()
        .sql("select message from event where run_id = :run order by seq")
        .param("run", stage.runId())
        .query(String.class)
        .list();
  }
}
