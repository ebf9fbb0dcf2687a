package dev.modelflow.ledger;

import dev.modelflow.domain.ArtifactKind;
import dev.modelflow.domain.Digest;
import dev.modelflow.domain.Manifest;
import dev.modelflow.domain.ManifestFile;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Artifacts, their files and what they were made from. */
public final class Artifacts {
  private final JdbcClient jdbc;
  private final JdbcTemplate template;
  private final Transactions transactions;

  Artifacts(JdbcClient jdbc, JdbcTemplate template, Transactions transactions) {
    this.jdbc = jdbc;
    this.template = template;
    this.transactions = transactions;
  }

  /** Records an artifact with its files; harmless when it is known. Returns its id. */
  public Digest record(Manifest manifest) {
    Digest id = manifest.id();
    transactions.run(
        () -> {
          if (insert(id, manifest)) {
            insertFiles(id, manifest.files());
          }
        });
    return id;
  }

  private boolean insert(Digest id, Manifest manifest) {
    return jdbc.sql(
                """
                insert into artifact (id, kind, manifest, total_size, file_count, properties)
                values (:id, :kind, :manifest, :size, :files, :properties::jsonb)
                on conflict do nothing
                """)
            .param("id", id.hex())
            .param("kind", manifest.kind().word())
            .param("manifest", manifest.canonicalJson())
            .param("size", manifest.totalSize())
            .param("files", manifest.files().size())
            .param("properties", Json.write(manifest.properties()))
            .update()
        == 1;
  }

  private void insertFiles(Digest id, List<ManifestFile> files) {
    List<Object[]> rows = new ArrayList<>();
    for (ManifestFile file : files) {
      rows.add(new Object[] {id.hex(), file.path(), file.size(), file.sha256().hex()});
    }
    template.batchUpdate(
        "insert into artifact_file (artifact_id, path, size, sha256) values (?, ?, ?, ?)", rows);
  }

  /** Records that {@code source} was read, in {@code role}, to make {@code made}. */
  void recordEdge(Digest source, Digest made, String role, long stageId) {
    jdbc.sql(
            """
            insert into edge (src, dst, role, stage_id) values (:src, :dst, :role, :stage)
            on conflict do nothing
            """)
        .param("src", source.hex())
        .param("dst", made.hex())
        .param("role", role)
        .param("stage", stageId)
        .update();
  }

  /** The manifest of an artifact, from its rows. */
  public Optional<Manifest> find(Digest id) {
    return transactions.read(
        () ->
            jdbc.sql(
                    """
                    select artifact.kind, artifact.properties, file.path, file.size, file.sha256
                    from artifact left join artifact_file as file on file.artifact_id = artifact.id
                    where artifact.id = :id
                    """)
                .param("id", id.hex())
                .query(Artifacts::manifest));
  }

  /** Each row says of the artifact itself the same. */
  private static Optional<Manifest> manifest(ResultSet rows) throws SQLException {
    if (!rows.next()) {
      return Optional.empty();
    }
    ArtifactKind kind = ArtifactKind.of(rows.getString("kind"));
    Map<String, String> properties = texts(rows.getString("properties"));
    List<ManifestFile> files = new ArrayList<>();
    do {
      String path = rows.getString("path");
      if (path != null) {
        files.add(
            new ManifestFile(path, rows.getLong("size"), new Digest(rows.getString("sha256"))));
      }
    } while (rows.next());
    return Optional.of(new Manifest(kind, files, properties));
  }

  /** Like {@link #find}; throws {@link IllegalArgumentException} when there is none. */
  public Manifest get(Digest id) {
    return find(id)
        .orElseThrow(
            () -> new IllegalArgumentException("The ledger has no artifact with id " + id));
  }

  private static Map<String, String> texts(String json) {
    Map<String, String> texts = new HashMap<>();
    Json.tree(json).forEach((key, value) -> texts.put(key, String.valueOf(value)));
    return texts;
  }
}
