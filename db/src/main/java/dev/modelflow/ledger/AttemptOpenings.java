package dev.modelflow.ledger;

import dev.modelflow.domain.Digest;
import java.util.Map;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Opens attempts: raises the stage's epoch, which is what fences the older ones, and records what
 * does the work.
 */
final class AttemptOpenings {
  private final JdbcClient jdbc;
  private final Events events;

  AttemptOpenings(JdbcClient jdbc, Events events) {
    this.jdbc = jdbc;
    this.events = events;
  }

  /** In the caller's transaction; empty when the stage has ended or its run is to stop. */
  Optional<Fence> open(Stage stage, String worker, Map<String, String> environment) {
    return raiseEpoch(stage)
        .map(
            raised -> {
              if (raised.epoch() > 1) {
                fenceOlder(stage);
              }
              long id = insert(stage.id(), raised.epoch(), worker, environment);
              return new Fence(
                  stage.runId(),
                  raised.incarnation(),
                  stage.name(),
                  stage.id(),
                  id,
                  raised.epoch());
            });
  }

  private record Raised(int epoch, String incarnation) {}

  private Optional<Raised> raiseEpoch(Stage stage) {
    return jdbc.sql(
            """
            update stage set epoch = stage.epoch + 1, status = 'running',
              started_at = coalesce(stage.started_at, now())
            from run
            where stage.id = :id and stage.status in ('waiting', 'running')
              and stage.run_id = :run and run.id = :run and run.status = 'running'
            returning stage.epoch, run.incarnation
            """)
        .param("id", stage.id())
        .param("run", stage.runId())
        .query((row, number) -> new Raised(row.getInt("epoch"), row.getString("incarnation")))
        .optional();
  }

  private void fenceOlder(Stage stage) {
    int fenced =
        jdbc.sql(
                """
                update attempt set status = 'fenced', ended_at = now()
                where stage_id = :stage and status = 'running'
                """)
            .param("stage", stage.id())
            .update();
    if (fenced > 0) {
      events.add(
          stage.runId(),
          stage.name(),
          Events.Level.WARNING,
          "A new attempt fenced an older one that had not ended");
    }
  }

  private long insert(long stageId, int epoch, String worker, Map<String, String> environment) {
    return jdbc.sql(
            """
            insert into attempt (stage_id, epoch, status, worker, environment)
            values (:stage, :epoch, 'running', :worker, :environment::jsonb)
            returning id
            """)
        .param("stage", stageId)
        .param("epoch", epoch)
        .param("worker", worker)
        .param("environment", Json.write(environment))
        .query(Long.class)
        .single();
  }

  /** In the caller's transaction, which holds the fence. */
  void identify(Fence fence, Digest fingerprint, String codeVersion) {
    jdbc.sql("update stage set fingerprint = :fingerprint, code_version = :version where id = :id")
        .param("fingerprint", fingerprint.hex())
        .param("version", codeVersion)
        .param("id", fence.stageId())
        .update();
    jdbc.sql("update attempt set code_version = :version where id = :id")
        .param("version", codeVersion)
        .param("id", fence.attemptId())
        .update();
    if (fence.epoch() > 1) {
      warnOfOtherCode(fence, codeVersion);
    }
  }

  private void warnOfOtherCode(Fence fence, String codeVersion) {
    lastWritersVersion(fence.stageId())
        .filter(before -> !before.equals(codeVersion))
        .ifPresent(
            before ->
                events.add(
                    fence.runId(),
                    fence.stage(),
                    Events.Level.WARNING,
                    "Attempt %d goes on with code %s from a checkpoint that code %s wrote"
                        .formatted(fence.epoch(), codeVersion, before)));
  }

  private Optional<String> lastWritersVersion(long stageId) {
    return jdbc.sql(
            """
            select attempt.code_version
            from checkpoint join attempt on attempt.id = checkpoint.attempt_id
            where checkpoint.stage_id = :stage and attempt.code_version is not null
            order by checkpoint.step desc limit 1
            """)
        .param("stage", stageId)
        .query(String.class)
        .optional();
  }
}
