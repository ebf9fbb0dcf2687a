package dev.modelflow.read;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Questions about the checkpoints that one can branch from. */
public final class CheckpointQueries {
  private static final String COLUMNS =
      """
      select shown.run_id, shown.name, shown.position, checkpoint.step, checkpoint.tokens,
             checkpoint.artifact_id, checkpoint.final, checkpoint.created_at, artifact.total_size
      """;

  private final JdbcClient db;

  /** Asks the ledger behind {@code db}. */
  public CheckpointQueries(JdbcClient db) {
    this.db = db;
  }

  /** All checkpoints of the run, those of reused stages included, in order of stages and steps. */
  public List<CheckpointView> ofRun(String run) {
    return db.sql(
            COLUMNS
                + """
                from stage shown
                join stage_result result on result.stage_id = shown.id
                join checkpoint on checkpoint.stage_id = result.made_by
                join artifact on artifact.id = checkpoint.artifact_id
                where shown.run_id = ? order by shown.position, checkpoint.step
                """)
        .param(run)
        .query(CheckpointQueries::checkpoint)
        .list();
  }

  /** The checkpoints that these runs wrote themselves, in order of runs, stages and steps. */
  public List<CheckpointView> writtenBy(Collection<String> runs) {
    return db.sql(
            COLUMNS
                + """
                from stage shown
                join checkpoint on checkpoint.stage_id = shown.id
                join artifact on artifact.id = checkpoint.artifact_id
                join run on run.id = shown.run_id
                where shown.run_id = any(:runs) and shown.status <> 'reused'
                order by run.created_at, run.id, shown.position, checkpoint.step
                """)
        .param("runs", runs.toArray(String[]::new))
        .query(CheckpointQueries::checkpoint)
        .list();
  }

  private static CheckpointView checkpoint(ResultSet row, int number) throws SQLException {
    return new CheckpointView(
        row.getString("run_id"),
        row.getString("name"),
        row.getInt("position"),
        row.getLong("step"),
        row.getLong("tokens"),
        row.getString("artifact_id"),
        row.getBoolean("final"),
        row.getLong("total_size"),
        Rows.instant(row, "created_at"));
  }
}
