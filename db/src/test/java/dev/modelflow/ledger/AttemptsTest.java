package dev.modelflow.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelflow.domain.ArtifactKind;
import dev.modelflow.domain.Digest;
import dev.modelflow.domain.FailureClass;
import dev.modelflow.domain.Manifest;
import dev.modelflow.domain.ManifestFile;
import dev.modelflow.domain.StageStatus;
import dev.modelflow.read.StageQueries;
import dev.modelflow.services.UsesServices;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

@UsesServices
class AttemptsTest {
  private static final LedgerFixture FIXTURE = new LedgerFixture();

  @AfterAll
  static void close() {
    FIXTURE.close();
  }

  private final Attempts attempts = FIXTURE.ledger().attempts();

  @Test
  void everyWriteOfAnOvertakenAttemptIsRefused() {
    Stage stage = runningStage();
    Fence older = begin(stage);
    Fence newer = begin(stage);

    List<ThrowingCallable> writes =
        List.of(
            () -> attempts.heartbeat(older),
            () -> attempts.device(older, "cpu"),
            () -> attempts.trainer(older, Map.of("OMP_NUM_THREADS", "2")),
            () -> attempts.identify(older, Digest.of("older"), "1.0"),
            () -> attempts.resumed(older, 1),
            () -> attempts.progress(older, 1, 2L, 3.0),
            () -> attempts.metrics(older, List.of(new Metric("loss", 1, 2.0))),
            () -> attempts.log(older, List.of(new LogChunk(1, List.of("x")))),
            () -> attempts.event(older, Events.Level.INFO, "x"),
            () -> attempts.checkpoint(older, 1, 1, manifest("a"), Map.of()),
            () -> attempts.evaluation(older, Digest.of("x"), result()),
            () -> attempts.succeed(older, Map.of("documents", manifest("a")), Map.of()),
            () -> attempts.fail(older, FailureClass.PLATFORM, "x"),
            () -> attempts.cancel(older));
    assertThat(writes)
        .allSatisfy(write -> assertThatThrownBy(write).isInstanceOf(FencedException.class));
    attempts.succeed(newer, Map.of("documents", manifest("b")), Map.of());
    assertThat(FIXTURE.ledger().stages().outputs(stage.id()))
        .containsExactly(Map.entry("documents", manifest("b").id()));
  }

  @Test
  void succeedingTwiceIsHarmlessBecauseTheFirstAnswerMayHaveBeenLost() {
    Stage stage = runningStage();
    Fence fence = begin(stage);
    attempts.succeed(fence, Map.of("documents", manifest("a")), Map.of());
    attempts.succeed(fence, Map.of("documents", manifest("a")), Map.of());
    assertThat(reread(stage).status()).isEqualTo(StageStatus.SUCCEEDED);
    assertThat(attempts.begin(stage, "w", Map.of())).isEmpty();
  }

  @Test
  void whatAnAttemptSaidLastIsThereWhenItHasSucceededAndNeverWithoutThat() {
    Stage stage = runningStage();
    Fence older = begin(stage);
    Fence newer = begin(stage);
    List<LogChunk> said = List.of(new LogChunk(1, List.of("done")));
    assertThatThrownBy(() -> attempts.succeed(older, Map.of(), Map.of(), said))
        .isInstanceOf(FencedException.class);
    assertThat(log(stage)).isEmpty();
    attempts.succeed(newer, Map.of(), Map.of(), said);
    attempts.succeed(newer, Map.of(), Map.of(), said);
    assertThat(log(stage)).containsExactly("done");
  }

  private static List<String> log(Stage stage) {
    return FIXTURE
        .ledger()
        .jdbc()
        .sql(
            """
            select text from log_chunk join attempt on attempt.id = log_chunk.attempt_id
            where attempt.stage_id = :stage
            """)
        .param("stage", stage.id())
        .query(String.class)
        .list();
  }

  @Test
  void aCheckpointStaysWhenItsAttemptFails() {
    Stage stage = runningStage();
    Fence fence = begin(stage);
    attempts.checkpoint(fence, 5, 500, manifest("five"), Map.of());
    attempts.fail(fence, FailureClass.PLATFORM, "The machine went away");
    assertThat(FIXTURE.ledger().stages().checkpoints(stage.id()))
        .containsExactly(new Checkpoint(5, 500, manifest("five").id()));
  }

  @Test
  void whatAnAttemptSaysOfItselfStandsAgainstALateLookUp() {
    Stage stage = runningStage();
    Fence fence = begin(stage);
    attempts.identify(fence, Digest.of("true"), "1.1");
    FIXTURE.ledger().stages().recordFingerprint(stage.id(), Digest.of("late"), "1.0");
    assertThat(reread(stage).fingerprint()).isEqualTo(Digest.of("true"));
    assertThat(reread(stage).codeVersion()).isEqualTo("1.1");
  }

  @Test
  void goingOnWithOtherCodeIsAnEvent() {
    Stage stage = runningStage();
    Fence first = begin(stage);
    attempts.identify(first, Digest.of("1"), "1.0");
    attempts.checkpoint(first, 5, 500, manifest("five"), Map.of());
    attempts.identify(begin(stage), Digest.of("1"), "1.0");
    assertThat(events(stage)).noneMatch(event -> event.contains("goes on with code"));
    attempts.identify(begin(stage), Digest.of("2"), "1.1");
    assertThat(events(stage))
        .contains("Attempt 3 goes on with code 1.1 from a checkpoint that code 1.0 wrote");
  }

  @Test
  void goingOnInAnotherEnvironmentIsAnEvent() {
    Stage stage = runningStage();
    Fence first = begin(stage);
    attempts.trainer(first, Map.of("OPENBLAS_CORETYPE", "ZEN", "OMP_NUM_THREADS", "2"));
    attempts.checkpoint(first, 5, 500, manifest("five"), Map.of());
    attempts.trainer(begin(stage), Map.of("OPENBLAS_CORETYPE", "ZEN", "OMP_NUM_THREADS", "2"));
    assertThat(events(stage)).noneMatch(event -> event.contains("last digits"));
    attempts.trainer(begin(stage), Map.of("OMP_NUM_THREADS", "2", "MODELFLOW_BLAS", "mkl"));
    assertThat(events(stage))
        .contains(
            "Attempt 3 goes on from a checkpoint that was computed with MODELFLOW_BLAS=nothing"
                + " instead of mkl, OPENBLAS_CORETYPE=ZEN instead of nothing; last digits may differ");
  }

  @Test
  void aTrainersEnvironmentStandsBesideWhatTheAttemptRunsOn() {
    Stage stage = runningStage();
    Fence fence = attempts.begin(stage, "w", Map.of("java", "25")).orElseThrow();
    attempts.trainer(fence, Map.of("OMP_NUM_THREADS", "2"));
    assertThat(new StageQueries(FIXTURE.ledger().jdbc()).attempts(stage.runId()))
        .singleElement()
        .satisfies(
            attempt ->
                assertThat(attempt.environment())
                    .hasToString("{\"java\":\"25\",\"trainer\":{\"OMP_NUM_THREADS\":\"2\"}}"));
  }

  @Test
  void aMetricOfTheSameStepIsReplaced() {
    Stage stage = runningStage();
    Fence fence = begin(stage);
    attempts.metrics(fence, List.of(new Metric("loss", 1, 9.0), new Metric("loss", 2, 8.0)));
    attempts.metrics(fence, List.of(new Metric("loss", 2, 7.0)));
    assertThat(
            FIXTURE
                .ledger()
                .jdbc()
                .sql("select value from metric where stage_id = :id order by step")
                .param("id", stage.id())
                .query(Double.class)
                .list())
        .containsExactly(9.0, 7.0);
  }

  @Test
  void anAttemptLearnsFromItsHeartbeatThatItsRunIsToStop() {
    Stage stage = runningStage();
    Fence fence = begin(stage);
    assertThat(attempts.heartbeat(fence)).isFalse();
    FIXTURE.ledger().runs().requestCancel(stage.runId(), "tester");
    assertThat(attempts.heartbeat(fence)).isTrue();
    assertThat(attempts.begin(stage, "w", Map.of())).isEmpty();
  }

  private Stage runningStage() {
    Run run = FIXTURE.create(LedgerFixture.twoStages());
    FIXTURE.ledger().runs().begin(run.id());
    return FIXTURE.ledger().stages().get(run.id(), "synthesize");
  }

  private static List<String> events(Stage stage) {
    return FIXTURE
        .ledger()
        .jdbc()
        .sql("select message from event where run_id = :run order by seq")
        .param("run", stage.runId())
        .query(String.class)
        .list();
  }

  private Fence begin(Stage stage) {
    return attempts.begin(stage, "worker", Map.of("java", "25")).orElseThrow();
  }

  private static Stage reread(Stage stage) {
    return FIXTURE.ledger().stages().get(stage.id());
  }

  private static Manifest manifest(String text) {
    return new Manifest(
        ArtifactKind.CORPUS,
        List.of(new ManifestFile("a.txt", text.length(), Digest.of(text))),
        Map.of("text", text));
  }

  private static Evaluation result() {
    return new Evaluation("maths", "accuracy", 0.5, 0.1, 10, true);
  }
}
