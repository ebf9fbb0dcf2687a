package dev.modelflow.read;

import dev.modelflow.domain.ArtifactKind;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Questions about artifacts and their files. */
public final class ArtifactQueries {
  private final JdbcClient db;

  /** Asks the ledger behind {@code db}. */
  public ArtifactQueries(JdbcClient db) {
    this.db = db;
  }

  /** The artifact with this id. */
  public Optional<ArtifactView> find(String id) {
    return all(List.of(id)).stream().findFirst();
  }

  /** Those of these artifacts that the ledger knows, in order of their ids. */
  public List<ArtifactView> all(Collection<String> ids) {
    return db.sql(
            """
            select artifact.id, artifact.kind, artifact.total_size, artifact.file_count,
                   artifact.properties, artifact.created_at, maker.run_id, maker.run_name,
                   maker.stage, maker.output, maker.step
            from artifact
            left join lateral (
              select stage.run_id, run.name as run_name, stage.name as stage, made.output, made.step
              from (
                (select stage_id, stage_output.name as output, null::bigint as step
                 from stage_output join stage on stage.id = stage_id
                 where artifact_id = artifact.id and stage.status <> 'reused'
                 order by stage_id limit 1)
                union all
                (select stage_id, null, step
                 from checkpoint join stage on stage.id = stage_id
                 where artifact_id = artifact.id and stage.status <> 'reused'
                 order by stage_id, step limit 1)) made
              join stage on stage.id = made.stage_id
              join run on run.id = stage.run_id
              order by stage.id, made.step nulls last limit 1) maker on true
            where artifact.id = any(:ids) order by artifact.id
            """)
        .param("ids", ids.toArray(String[]::new))
        .query(ArtifactQueries::artifact)
        .list();
  }

  /** The artifact's files in order of their paths; empty when there is no such artifact. */
  public List<ArtifactView.File> files(String id) {
    return db.sql(
            "select path, size, sha256 from artifact_file where artifact_id = ? order by path")
        .param(id)
        .query(ArtifactQueries::file)
        .list();
  }

  /** The file of the artifact that has exactly this path. */
  public Optional<ArtifactView.File> file(String id, String path) {
    return db.sql("select path, size, sha256 from artifact_file where artifact_id = ? and path = ?")
        .params(id, path)
        .query(ArtifactQueries::file)
        .optional();
  }

  private static ArtifactView.File file(ResultSet row, int number) throws SQLException {
    return new ArtifactView.File(
        row.getString("path"), row.getLong("size"), row.getString("sha256"));
  }

  private static ArtifactView artifact(ResultSet row, int number) throws SQLException {
    @Nullable String run = Rows.textOrNull(row, "run_id");
    return new ArtifactView(
        row.getString("id"),
        ArtifactKind.of(row.getString("kind")),
        row.getLong("total_size"),
        row.getInt("file_count"),
        Rows.json(row, "properties"),
        Rows.instant(row, "created_at"),
        run == null ? null : new StageRef(run, row.getString("stage")),
        Rows.textOrNull(row, "run_name"),
        Rows.textOrNull(row, "output"),
        Rows.longOrNull(row, "step"));
  }
}
