package dev.modelflow.read;

import dev.modelflow.domain.CanonicalJson;
import dev.modelflow.domain.FlowPlan;
import dev.modelflow.domain.StagePlan;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Writes the rows of the sample; moments are given in seconds ago, -1 for never. */
final class SampleRows {
  static final String STAGE = "(select id from stage where run_id = ? and name = ?)";
  private final JdbcClient db;
  private final Instant now;

  SampleRows(JdbcClient db, Instant now) {
    this.db = db;
    this.now = now;
  }

  void recipe(FlowPlan plan) {
    update(
        "insert into recipe (digest, name, canonical) values (?, ?, ?::jsonb)",
        plan.recipeDigest().hex(),
        plan.name(),
        CanonicalJson.write(plan.canonical()));
  }

  /** A worker of two cores that began four hours ago. */
  void worker(String id, String pool, long pid, String duty, String devices, int silentFor) {
    update(
        """
        insert into worker (id, pool, host, pid, cores, memory, devices, labels, version, kinds,
          started_at, last_heard_at, duty, duty_by, duty_since)
        values (?, ?, 'workbench', ?, 2, 16000000000, ?::jsonb, '{"zone": "a", "rack": "3"}'::jsonb,
          '5c19e0f2ab34', '{"pretrain": "0.1.0"}'::jsonb, ?, ?, ?, 'operator', ?)
        """,
        id,
        pool,
        pid,
        devices,
        at(14_400),
        at(silentFor),
        duty,
        at(600));
  }

  void run(
      FlowPlan plan,
      String id,
      String name,
      String status,
      int created,
      int started,
      int finished,
      int done) {
    update(
        """
        insert into run (id, project_id, name, recipe_digest, source, status, created_by,
          created_at, started_at, finished_at, stages_total, stages_done, model)
        values (?, 'default', ?, ?, ?, ?, 'operator', ?, ?, ?, ?, ?, ?::jsonb)
        """,
        id,
        name,
        plan.recipeDigest().hex(),
        plan.source(),
        status,
        at(created),
        at(started),
        at(finished),
        plan.stages().size(),
        done,
        CanonicalJson.write(plan.model()));
  }

  void origin(String run, String parent, String stage, long step, String checkpoint) {
    update(
        """
        update run set parent_run = ?, branch_stage = ?, branch_step = ?, branch_checkpoint = ?,
          overrides = '{"midtrain.learningRate": 0.0005, "midtrain.steps": 400}'::jsonb
        where id = ?
        """,
        parent,
        stage,
        step,
        checkpoint,
        run);
  }

  void stage(String run, FlowPlan plan, StagePlan stage, String status, int started, int finished) {
    insertStage(run, plan, stage, status, null, started, finished);
    if (started >= 0) {
      String ended = status.equals("cancelled") ? "cancelled" : status;
      attempt(run, stage.name(), 2, ended, stage.pool() + "-1", started, finished, null, null);
    }
  }

  void reused(String run, FlowPlan plan, StagePlan stage, String original, int moment) {
    insertStage(run, plan, stage, "reused", original, moment, moment);
  }

  private void insertStage(
      String run,
      FlowPlan plan,
      StagePlan stage,
      String status,
      @Nullable String original,
      int started,
      int finished) {
    update(
        """
        insert into stage (run_id, name, kind, position, pool, seed, parameters, inputs, status,
          reused_from, started_at, finished_at, code_version, epoch)
        values (?, ?, ?, ?, ?, ?, ?::jsonb, ?::jsonb, ?, %s, ?, ?, '0.1.0', ?)
        """
            .formatted(STAGE),
        run,
        stage.name(),
        stage.kind().word(),
        plan.stages().indexOf(stage),
        stage.pool(),
        stage.seed(),
        CanonicalJson.write(stage.parameters()),
        CanonicalJson.write(inputs(stage)),
        status,
        original,
        stage.name(),
        at(started),
        at(finished),
        started < 0 ? 0 : 2);
  }

  private static Map<String, Object> inputs(StagePlan stage) {
    Map<String, Object> inputs = new LinkedHashMap<>();
    stage
        .inputs()
        .forEach(
            (role, input) -> {
              Map<String, @Nullable Object> source = new LinkedHashMap<>();
              source.put("stage", input.stage());
              source.put("output", input.output());
              source.put("step", input.step());
              inputs.put(role, source);
            });
    return inputs;
  }

  void continues(String run, StagePlan stage, String checkpoint, long step) {
    update(
        "update stage set start_checkpoint = ?, start_step = ? where run_id = ? and name = ?",
        checkpoint,
        step,
        run,
        stage.name());
  }

  void failure(String run, String stage, String failureClass, String message) {
    update(
        "update run set failure_class = ?, failure_message = ? where id = ?",
        failureClass,
        message,
        run);
    update(
        "update stage set failure_class = ?, failure_message = ? where run_id = ? and name = ?",
        failureClass,
        message,
        run,
        stage);
  }

  void lostAttempt(String run, String stage, String worker, int started, int ended, long resumed) {
    attempt(
        run, stage, 1, "failed", worker, started, ended, resumed, worker + " was silent for 30 s");
  }

  private void attempt(
      String run,
      String stage,
      int epoch,
      String status,
      String worker,
      int started,
      int ended,
      @Nullable Long resumed,
      @Nullable String failure) {
    update(
        """
        insert into attempt (stage_id, epoch, status, worker, device, environment, started_at,
          last_heard_at, ended_at, resumed_from, failure_class, failure_message)
        values (%s, ?, ?, ?, 'cpu, 2 threads', '{"trainer": {"OPENBLAS_CORETYPE": "SKYLAKEX"}}',
          ?, ?, ?, ?, ?, ?)
        """
            .formatted(STAGE),
        run,
        stage,
        epoch,
        status,
        worker,
        at(started),
        at(Math.max(ended, 1)),
        at(ended),
        resumed,
        failure == null ? null : "platform",
        failure);
  }

  void log(String run, String stage, int attempt, List<String> lines) {
    update(
        """
        insert into log_chunk (attempt_id, first_line, lines, text)
        select id, 1, ?, ? from attempt where stage_id = %s and epoch = ?
        """
            .formatted(STAGE),
        lines.size(),
        String.join("\n", lines),
        run,
        stage,
        attempt);
  }

  void event(String run, @Nullable String stage, String level, String message, int ago) {
    update(
        "insert into event (run_id, stage, level, message, at) values (?, ?, ?, ?, ?)",
        run,
        stage,
        level,
        message,
        at(ago));
  }

  void update(String sql, @Nullable Object... values) {
    JdbcClient.StatementSpec statement = db.sql(sql);
    for (@Nullable Object value : values) {
      statement = statement.param(value);
    }
    statement.update();
  }

  private @Nullable OffsetDateTime at(int secondsAgo) {
    return secondsAgo < 0
        ? null
        : now.minus(Duration.ofSeconds(secondsAgo)).atOffset(ZoneOffset.UTC);
  }
}
