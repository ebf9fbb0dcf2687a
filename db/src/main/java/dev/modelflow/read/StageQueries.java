package dev.modelflow.read;

import dev.modelflow.domain.ArtifactKind;
import dev.modelflow.domain.AttemptStatus;
import dev.modelflow.domain.StageStatus;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/** Questions about the stages of a run; a reused stage answers with what its original made. */
public final class StageQueries {
  private final JdbcClient db;

  /** Asks the ledger behind {@code db}. */
  public StageQueries(JdbcClient db) {
    this.db = db;
  }

  /** The run's stages in topological order. */
  public List<StageView> ofRun(String run) {
    return db.sql(
            """
            select stage.name, stage.kind, stage.position, stage.pool, stage.status, stage.inputs,
                   stage.parameters, stage.fingerprint, stage.start_checkpoint, stage.started_at,
                   stage.finished_at, stage.failure_class, stage.failure_message, stage.epoch,
                   original.run_id as original_run, original.name as original_name,
                   coalesce(original.code_version, stage.code_version) as code_version,
                   coalesce(original.total_steps, stage.total_steps) as total_steps,
                   coalesce(original.current_step, stage.current_step) as current_step,
                   coalesce(original.tokens_per_second, stage.tokens_per_second)
                     as tokens_per_second,
                   latest.value as loss
            from stage
            join stage_result result on result.stage_id = stage.id
            left join stage original on original.id = result.original_id
            left join lateral (
              select value from metric
              where metric.stage_id = result.made_by and metric.name = 'loss'
              order by step desc limit 1) latest on true
            where stage.run_id = ?
            order by stage.position, stage.name
            """)
        .param(run)
        .query(StageQueries::stage)
        .list();
  }

  /** Every attempt of the run's own stages, newest first. */
  public List<AttemptView> attempts(String run) {
    return db.sql(
            """
            select stage.name, attempt.* from attempt join stage on stage.id = attempt.stage_id
            where stage.run_id = ? order by attempt.started_at desc, attempt.id desc
            """)
        .param(run)
        .query(StageQueries::attempt)
        .list();
  }

  /** What the run's evaluations measured, in the order of its stages. */
  public List<EvaluationView> evaluations(String run) {
    return db.sql(
            """
            select stage.name, stage.inputs #>> '{checkpoint,stage}' as measured, evaluation.*
            from stage
            join stage_result result on result.stage_id = stage.id
            join evaluation on evaluation.stage_id = result.made_by
            where stage.run_id = ?
            order by stage.position, evaluation.task, evaluation.metric
            """)
        .param(run)
        .query(StageQueries::evaluation)
        .list();
  }

  /** What the run's stages made, in the order of its stages. */
  public List<OutputView> outputs(String run) {
    return db.sql(
            """
            select stage.name as stage, stage_output.name, artifact.id, artifact.kind,
                   artifact.total_size, artifact.file_count
            from stage
            join stage_result result on result.stage_id = stage.id
            join stage_output on stage_output.stage_id = result.made_by
            join artifact on artifact.id = stage_output.artifact_id
            where stage.run_id = ?
            order by stage.position, stage_output.name
            """)
        .param(run)
        .query(
            (row, number) ->
                new OutputView(
                    row.getString("stage"),
                    row.getString("name"),
                    row.getString("id"),
                    ArtifactKind.of(row.getString("kind")),
                    row.getLong("total_size"),
                    row.getInt("file_count")))
        .list();
  }

  private static StageView stage(ResultSet row, int number) throws SQLException {
    return new StageView(
        row.getString("name"),
        row.getString("kind"),
        row.getInt("position"),
        row.getString("pool"),
        StageStatus.of(row.getString("status")),
        after(Rows.json(row, "inputs")),
        Rows.json(row, "parameters"),
        Rows.textOrNull(row, "fingerprint"),
        original(row),
        Rows.textOrNull(row, "start_checkpoint"),
        Rows.textOrNull(row, "code_version"),
        Rows.instantOrNull(row, "started_at"),
        Rows.instantOrNull(row, "finished_at"),
        Rows.textOrNull(row, "failure_class"),
        Rows.textOrNull(row, "failure_message"),
        Rows.longOrNull(row, "current_step"),
        Rows.longOrNull(row, "total_steps"),
        Rows.doubleOrNull(row, "tokens_per_second"),
        Rows.doubleOrNull(row, "loss"),
        row.getInt("epoch"));
  }

  private static List<String> after(JsonNode inputs) {
    return inputs
        .valueStream()
        .map(input -> input.path("stage").asString(""))
        .filter(name -> !name.isEmpty())
        .distinct()
        .toList();
  }

  private static @Nullable StageRef original(ResultSet row) throws SQLException {
    @Nullable String run = Rows.textOrNull(row, "original_run");
    return run == null ? null : new StageRef(run, row.getString("original_name"));
  }

  private static AttemptView attempt(ResultSet row, int number) throws SQLException {
    return new AttemptView(
        row.getString("name"),
        row.getInt("epoch"),
        AttemptStatus.of(row.getString("status")),
        row.getString("worker"),
        Rows.textOrNull(row, "device"),
        Rows.json(row, "environment"),
        Rows.instant(row, "started_at"),
        Rows.instant(row, "last_heard_at"),
        Rows.instantOrNull(row, "ended_at"),
        Rows.longOrNull(row, "resumed_from"),
        Rows.textOrNull(row, "failure_class"),
        Rows.textOrNull(row, "failure_message"));
  }

  private static EvaluationView evaluation(ResultSet row, int number) throws SQLException {
    return new EvaluationView(
        row.getString("name"),
        Rows.textOrNull(row, "measured"),
        row.getString("checkpoint_id"),
        row.getString("task"),
        row.getString("metric"),
        row.getDouble("value"),
        row.getDouble("standard_error"),
        row.getInt("samples"),
        row.getBoolean("higher_is_better"));
  }
}
