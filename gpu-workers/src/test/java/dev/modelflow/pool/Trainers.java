package dev.modelflow.pool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelflow.ledger.Run;
import dev.modelflow.worker.FlowFixture;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;

/** The trainer processes that this JVM's workers have started. */
final class Trainers {
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(90);

  private Trainers() {}

  /** The other children of this JVM are Postgres's. */
  static List<ProcessHandle> running() {
    return ProcessHandle.current()
        .children()
        .filter(child -> child.info().command().orElse("").endsWith("/java"))
        .toList();
  }

  /** The command line of a trainer, which is too long for {@link ProcessHandle.Info}. */
  static String command(ProcessHandle trainer) {
    try {
      String line = Files.readString(Path.of("/proc/" + trainer.pid() + "/cmdline"));
      return line.replace('\0', ' ').strip();
    } catch (IOException gone) {
      throw new UncheckedIOException(gone);
    }
  }

  /** Waits until a stage of the run has made {@code step} steps. */
  static void awaitStep(FlowFixture flow, Run run, long step) {
    await(
        () ->
            flow.ledger()
                    .jdbc()
                    .sql("select coalesce(max(current_step), 0) from stage where run_id = :run")
                    .param("run", run.id())
                    .query(Long.class)
                    .single()
                >= step);
  }

  /**
   * Waits until the run's attempt of this number has itself committed a checkpoint after {@code
   * step} or a later one, which the next attempt will resume from. How far a stage is would not do:
   * until an attempt says otherwise, that is how far the one before it was.
   */
  static void awaitCheckpoint(FlowFixture flow, Run run, int attempt, long step) {
    await(
        () ->
            flow.ledger()
                .jdbc()
                .sql(
                    """
                    select exists (
                      select from checkpoint
                      join attempt on attempt.id = checkpoint.attempt_id
                      join stage on stage.id = attempt.stage_id
                      where stage.run_id = :run and attempt.epoch = :attempt
                        and attempt.status = 'running' and checkpoint.step >= :step)
                    """)
                .param("run", run.id())
                .param("attempt", attempt)
                .param("step", step)
                .query(Boolean.class)
                .single());
  }

  /** Waits until {@code condition} holds. */
  static void await(BooleanSupplier condition) {
    long deadline = System.nanoTime() + LONGEST_WAIT.toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("time is up").isLessThan(deadline);
      FlowFixture.pause();
    }
  }
}
