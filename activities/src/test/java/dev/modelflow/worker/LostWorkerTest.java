package dev.modelflow.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.modelflow.domain.AttemptStatus;
import dev.modelflow.domain.RunStatus;
import dev.modelflow.ledger.Run;
import dev.modelflow.read.AttemptView;
import dev.modelflow.services.UsesServices;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A worker that says nothing any more, and one that comes back. */
@UsesServices
@Timeout(180)
class LostWorkerTest {
  private static final Duration HEARTBEAT = Duration.ofSeconds(20);

  /** A frozen worker's open calls still take tasks; each is given again after ten seconds. */
  private static final Duration HANDING_OVER = Duration.ofSeconds(40);

  /** For the steps of the workflow between two attempts. */
  private static final Duration PROMPTLY = Duration.ofSeconds(15);

  private final FlowFixture flow;
  private final Process lost;

  LostWorkerTest(@TempDir Path folder) throws IOException {
    flow = new FlowFixture(folder);
    lost = WorkerProcess.start(flow.config("lost", "cpu"));
  }

  @AfterEach
  void close() throws InterruptedException {
    lost.destroyForcibly().waitFor();
    flow.close();
  }

  @Test
  void anAttemptOfAFrozenWorkerGoesOnElsewhereAndTheWorkerWritesNothingWhenItComesBack()
      throws Exception {
    Run run = held();
    signal("STOP");
    Instant frozen = Instant.now();
    flow.work("cpu", new SteppingExecutor(false));

    assertThat(flow.await(run.id())).isEqualTo(RunStatus.SUCCEEDED);
    List<AttemptView> attempts = Stepping.attempts(flow, run);
    assertThat(attempts)
        .extracting(AttemptView::worker, AttemptView::status, AttemptView::resumedFrom)
        .containsExactly(
            tuple("lost", AttemptStatus.FENCED, null),
            tuple("cpu-0", AttemptStatus.SUCCEEDED, 20L));
    assertThat(Duration.between(frozen, attempts.getLast().startedAt()))
        .isLessThan(HEARTBEAT.plus(HANDING_OVER));
    assertThat(Stepping.output(flow, run)).isEqualTo(Stepping.expected());

    String before = everythingOf(run);
    signal("CONT");
    awaitIdle();
    assertThat(everythingOf(run)).isEqualTo(before);
  }

  @Test
  void anAttemptOfAKilledWorkerGoesOnElsewhere() throws Exception {
    Run run = held();
    Instant killed = Instant.now();
    lost.destroyForcibly().waitFor();
    flow.work("cpu", new SteppingExecutor(false));
    assertThat(flow.await(run.id())).isEqualTo(RunStatus.SUCCEEDED);
    assertThat(Duration.between(killed, Stepping.attempts(flow, run).getLast().startedAt()))
        .isLessThan(HEARTBEAT.plus(PROMPTLY));
    assertThat(Stepping.output(flow, run)).isEqualTo(Stepping.expected());
  }

  /** A run whose first attempt waits on the worker that will be lost. */
  private Run held() {
    Run run = Stepping.create(flow);
    Stepping.awaitStep(flow, run, SteppingExecutor.HELD_AT);
    return run;
  }

  private void signal(String name) throws IOException, InterruptedException {
    Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(lost.pid())).start();
    assertThat(kill.waitFor()).isZero();
  }

  /** Waits until the worker has been heard to do nothing. */
  private void awaitIdle() {
    while (!flow.ledger()
        .jdbc()
        .sql(
            """
            select doing = '' and last_heard_at > now() - interval '5 seconds'
            from worker where id = 'lost'
            """)
        .query(Boolean.class)
        .single()) {
      FlowFixture.pause();
    }
  }

  private String everythingOf(Run run) {
    StringBuilder all = new StringBuilder();
    for (String table : List.of("attempt", "checkpoint", "metric", "stage_output")) {
      all.append(
          rows(
              "select string_agg(each::text, ';' order by each::text) from "
                  + table
                  + " each join stage on stage.id = each.stage_id where stage.run_id = :run",
              run));
    }
    return all
        + rows(
            """
            select string_agg(log_chunk::text, ';' order by log_chunk::text) from log_chunk
            join attempt on attempt.id = log_chunk.attempt_id
            join stage on stage.id = attempt.stage_id where stage.run_id = :run
            """,
            run)
        + rows(
            "select string_agg(event::text, ';' order by seq) from event where run_id = :run", run)
        + rows("select stage::text from stage where run_id = :run", run);
  }

  private String rows(String query, Run run) {
    return flow.ledger()
        .jdbc()
        .sql("select coalesce((" + query + "), '')")
        .param("run", run.id())
        .query(String.class)
        .single();
  }
}
