package dev.modelflow.ledger;

import dev.modelflow.domain.Digest;
import dev.modelflow.domain.FailureClass;
import dev.modelflow.domain.Manifest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Attempts at stages and everything that an attempt writes. Every write shows the attempt's {@link
 * Fence} and is refused with {@link FencedException} when a newer attempt has begun, the stage has
 * ended or the ledger was restored from a backup; the check and the write are one transaction.
 */
public final class Attempts {
  private final JdbcClient jdbc;
  private final JdbcTemplate template;
  private final Transactions transactions;
  private final Artifacts artifacts;
  private final Events events;
  private final Fences fences;
  private final AttemptOpenings openings;
  private final TrainerEnvironments environments;
  private final AttemptLogs logs;
  private final StageResults results;

  Attempts(
      JdbcClient jdbc,
      JdbcTemplate template,
      Transactions transactions,
      Artifacts artifacts,
      Events events) {
    this.jdbc = jdbc;
    this.template = template;
    this.transactions = transactions;
    this.artifacts = artifacts;
    this.events = events;
    this.fences = new Fences(jdbc);
    this.openings = new AttemptOpenings(jdbc, events);
    this.environments = new TrainerEnvironments(jdbc, events);
    this.logs = new AttemptLogs(jdbc, template);
    this.results = new StageResults(jdbc, artifacts);
  }

  /**
   * Begins the next attempt of a stage; older running ones become fenced. Empty when the stage has
   * ended or its run is to stop.
   *
   * @param environment what the attempt runs on, e.g. {@code java}, {@code processors}
   */
  public Optional<Fence> begin(Stage stage, String worker, Map<String, String> environment) {
    return transactions.in(() -> openings.open(stage, worker, environment));
  }

  /**
   * Records the stage's fingerprint and the code that does the attempt's work; adds an event when
   * other code wrote the checkpoint that it continues from.
   */
  public void identify(Fence fence, Digest fingerprint, String codeVersion) {
    fenced(
        fence,
        () -> {
          openings.identify(fence, fingerprint, codeVersion);
          return true;
        });
  }

  /** Records what the attempt computes on, e.g. {@code cuda:0, 8 threads, bfloat16}. */
  public void device(Fence fence, String device) {
    fenced(
        fence,
        () ->
            jdbc.sql("update attempt set device = :device where id = :id")
                .param("id", fence.attemptId())
                .param("device", device)
                .update());
  }

  /**
   * Records the environment variables with which the attempt's trainer was started; adds an event
   * when the checkpoint that it continues from was computed with others.
   */
  public void trainer(Fence fence, Map<String, String> variables) {
    fenced(
        fence,
        () -> {
          environments.record(fence, variables);
          return true;
        });
  }

  /** Says that the attempt lives. Returns whether its run is to stop. */
  public boolean heartbeat(Fence fence) {
    return fenced(
        fence,
        () -> {
          jdbc.sql("update attempt set last_heard_at = now() where id = :id")
              .param("id", fence.attemptId())
              .update();
          return jdbc.sql("select status <> 'running' from run where id = :run")
              .param("run", fence.runId())
              .query(Boolean.class)
              .single();
        });
  }

  /** Records the step that the attempt continues from, and that it truly does. */
  public void resumed(Fence fence, long step) {
    fenced(
        fence,
        () ->
            jdbc.sql("update attempt set resumed_from = :step where id = :id")
                .param("id", fence.attemptId())
                .param("step", step)
                .update());
  }

  /** Records how far the stage is. */
  public void progress(
      Fence fence, long step, @Nullable Long totalSteps, @Nullable Double tokensPerSecond) {
    fenced(
        fence,
        () ->
            jdbc.sql(
                    """
                    update stage set current_step = :step,
                      total_steps = coalesce(:total, total_steps),
                      tokens_per_second = coalesce(:speed, tokens_per_second)
                    where id = :id
                    """)
                .param("id", fence.stageId())
                .param("step", step)
                .param("total", totalSteps)
                .param("speed", tokensPerSecond)
                .update());
  }

  /** Records numbers; one of the same name and step is replaced. */
  public void metrics(Fence fence, List<Metric> metrics) {
    List<Object[]> rows = new ArrayList<>();
    for (Metric metric : metrics) {
      rows.add(new Object[] {fence.stageId(), metric.name(), metric.step(), metric.value()});
    }
    fenced(
        fence,
        () ->
            template.batchUpdate(
                """
                insert into metric (stage_id, name, step, value) values (?, ?, ?, ?)
                on conflict (stage_id, name, step)
                do update set value = excluded.value, at = excluded.at
                """,
                rows));
  }

  /**
   * Records what the attempt said, in order; the oldest chunks beyond what a {@link LogChunk}
   * allows are deleted. Lines of the same numbers, and all behind them, are replaced.
   */
  public void log(Fence fence, List<LogChunk> chunks) {
    fenced(
        fence,
        () -> {
          logs.write(fence.attemptId(), chunks);
          return true;
        });
  }

  /** Records one result about {@code checkpoint}. */
  public void evaluation(Fence fence, Digest checkpoint, Evaluation result) {
    fenced(
        fence,
        () ->
            jdbc.sql(
                    """
                    insert into evaluation (stage_id, checkpoint_id, task, metric, value,
                      standard_error, samples, higher_is_better)
                    values (:stage, :checkpoint, :task, :metric, :value, :error, :samples, :higher)
                    on conflict (stage_id, task, metric) do update set
                      checkpoint_id = excluded.checkpoint_id, value = excluded.value,
                      standard_error = excluded.standard_error, samples = excluded.samples,
                      higher_is_better = excluded.higher_is_better
                    """)
                .param("stage", fence.stageId())
                .param("checkpoint", checkpoint.hex())
                .param("task", result.task())
                .param("metric", result.metric())
                .param("value", result.value())
                .param("error", result.standardError())
                .param("samples", result.samples())
                .param("higher", result.higherIsBetter())
                .update());
  }

  /** Adds an event in the attempt's name. */
  public void event(Fence fence, Events.Level level, String message) {
    fenced(
        fence,
        () -> {
          events.add(fence.runId(), fence.stage(), level, message);
          return true;
        });
  }

  /**
   * Commits a checkpoint whose objects are all uploaded, with edges from what the stage reads.
   *
   * @param sources role → artifact that was read
   */
  public Digest checkpoint(
      Fence fence, long step, long tokens, Manifest manifest, Map<String, Digest> sources) {
    return fenced(
        fence,
        () -> {
          Digest id = artifacts.record(manifest);
          sources.forEach(
              (role, source) -> artifacts.recordEdge(source, id, role, fence.stageId()));
          jdbc.sql(
                  """
                  insert into checkpoint (stage_id, step, tokens, artifact_id, attempt_id)
                  values (:stage, :step, :tokens, :artifact, :attempt)
                  on conflict (stage_id, step) do update set
                    artifact_id = excluded.artifact_id, attempt_id = excluded.attempt_id
                  """)
              .param("stage", fence.stageId())
              .param("step", step)
              .param("tokens", tokens)
              .param("artifact", id.hex())
              .param("attempt", fence.attemptId())
              .update();
          return id;
        });
  }

  /**
   * Commits the outputs of a stage whose objects are all uploaded, with edges from what it read,
   * and ends attempt and stage as succeeded. Harmless when repeated.
   *
   * @param sources role → artifact that was read
   */
  public void succeed(Fence fence, Map<String, Manifest> outputs, Map<String, Digest> sources) {
    succeed(fence, outputs, sources, List.of());
  }

  /**
   * The same, with the last that the attempt said in the same transaction.
   *
   * @param said as for {@link #log}
   */
  public void succeed(
      Fence fence,
      Map<String, Manifest> outputs,
      Map<String, Digest> sources,
      List<LogChunk> said) {
    transactions.run(
        () -> {
          if (!fences.holds(fence)) {
            if (fences.hasSucceeded(fence)) {
              return;
            }
            throw new FencedException(fence);
          }
          logs.write(fence.attemptId(), said);
          results.record(fence, outputs, sources);
          end(fence, "succeeded", null, null);
          events.add(fence.runId(), fence.stage(), Events.Level.INFO, "Stage succeeded");
        });
  }

  /** Ends the attempt as failed; whether another follows is for its workflow to say. */
  public void fail(Fence fence, FailureClass failureClass, String message) {
    fenced(
        fence,
        () -> {
          end(fence, "failed", failureClass, message);
          events.add(
              fence.runId(),
              fence.stage(),
              Events.Level.WARNING,
              "Attempt %d failed (%s): %s".formatted(fence.epoch(), failureClass, message));
          return true;
        });
  }

  /** Ends the attempt as cancelled. */
  public void cancel(Fence fence) {
    fenced(
        fence,
        () -> {
          end(fence, "cancelled", null, null);
          return true;
        });
  }

  /** Ends the attempt because its worker may not go on with it; another one follows. */
  public void stop(Fence fence, String message) {
    fenced(
        fence,
        () -> {
          end(fence, "cancelled", null, message);
          events.add(
              fence.runId(),
              fence.stage(),
              Events.Level.INFO,
              "Attempt %d stopped: %s".formatted(fence.epoch(), message));
          return true;
        });
  }

  private void end(
      Fence fence, String status, @Nullable FailureClass failureClass, @Nullable String message) {
    jdbc.sql(
            """
            update attempt set status = :status, ended_at = now(), last_heard_at = now(),
              failure_class = :class, failure_message = :message
            where id = :id and status = 'running'
            """)
        .param("id", fence.attemptId())
        .param("status", status)
        .param("class", failureClass == null ? null : failureClass.word())
        .param("message", message)
        .update();
  }

  private <T> T fenced(Fence fence, Supplier<T> write) {
    return transactions.in(
        () -> {
          fences.hold(fence);
          return write.get();
        });
  }
}
