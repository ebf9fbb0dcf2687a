package dev.modelflow.ledger;

import dev.modelflow.domain.Digest;
import dev.modelflow.domain.RunStatus;
import dev.modelflow.domain.StageInput;
import dev.modelflow.domain.StageKind;
import dev.modelflow.domain.StageStatus;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;

/** Reads rows of runs and stages. */
final class RunRows {
  private static final TypeReference<Map<String, StageInput>> INPUTS = new TypeReference<>() {};

  private RunRows() {}

  static Run run(ResultSet row, int number) throws SQLException {
    return new Run(
        row.getString("id"),
        row.getString("project_id"),
        row.getString("name"),
        new Digest(row.getString("recipe_digest")),
        RunStatus.of(row.getString("status")),
        new RunOrigin(
            row.getString("parent_run"),
            row.getString("branch_stage"),
            whole(row, "branch_step"),
            digest(row, "branch_checkpoint"),
            row.getString("rerun_from")),
        Json.tree(row.getString("overrides")),
        Json.tree(row.getString("model")),
        row.getString("created_by"),
        row.getTimestamp("created_at").toInstant(),
        row.getString("failure_message"));
  }

  static Stage stage(ResultSet row, int number) throws SQLException {
    return new Stage(
        row.getLong("id"),
        row.getString("run_id"),
        row.getString("name"),
        StageKind.of(row.getString("kind")),
        row.getInt("position"),
        row.getString("pool"),
        row.getLong("seed"),
        Json.tree(row.getString("parameters")),
        Json.read(row.getString("inputs"), INPUTS),
        StageStatus.of(row.getString("status")),
        row.getString("reuse"),
        whole(row, "reused_from"),
        digest(row, "fingerprint"),
        digest(row, "start_checkpoint"),
        whole(row, "start_step"),
        row.getString("code_version"),
        row.getInt("epoch"));
  }

  static @Nullable Digest digest(ResultSet row, String column) throws SQLException {
    String hex = row.getString(column);
    return hex == null ? null : new Digest(hex);
  }

  static @Nullable Long whole(ResultSet row, String column) throws SQLException {
    long value = row.getLong(column);
    return row.wasNull() ? null : value;
  }
}
