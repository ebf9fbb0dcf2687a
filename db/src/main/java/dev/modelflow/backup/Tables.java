package dev.modelflow.backup;

import dev.modelflow.domain.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;

/** The ledger's tables as files, by Postgres' COPY; all in the caller's transaction. */
final class Tables {
  private final Connection connection;
  private final CopyManager copies;

  Tables(Connection connection) throws SQLException {
    this.connection = connection;
    this.copies = connection.unwrap(PGConnection.class).getCopyAPI();
  }

  /** Writes every table into {@code folder}. */
  List<Snapshot.Table> write(Path folder) throws SQLException, IOException {
    List<Snapshot.Table> tables = new ArrayList<>();
    for (String name : ordered()) {
      tables.add(write(name, folder));
    }
    return tables;
  }

  private Snapshot.Table write(String name, Path folder) throws SQLException, IOException {
    List<String> columns = columns(name);
    MessageDigest accumulator = Digest.sha256();
    long rows;
    Path file = new Snapshot.Table(name, columns, 0, Digest.of("")).file(folder);
    try (OutputStream out =
        new GZIPOutputStream(
            new DigestOutputStream(Files.newOutputStream(file), accumulator), 1 << 16)) {
      rows = copies.copyOut("copy " + target(name, columns) + " to stdout", out);
    }
    return new Snapshot.Table(name, columns, rows, Digest.of(accumulator));
  }

  /**
   * Replaces the rows of every table by those of its file.
   *
   * @throws BackupException when a file is not as the snapshot says
   */
  void read(Snapshot snapshot, Path folder) throws SQLException, IOException {
    try (Statement statement = connection.createStatement()) {
      for (String name : ordered()) {
        statement.execute("truncate table " + quoted(name) + " cascade");
      }
    }
    for (Snapshot.Table table : snapshot.tables()) {
      read(table, folder);
      continueIdentities(table.name());
    }
  }

  private void read(Snapshot.Table table, Path folder) throws SQLException, IOException {
    Path file = table.file(folder);
    MessageDigest accumulator = Digest.sha256();
    long rows;
    try (DigestInputStream hashed = new DigestInputStream(Files.newInputStream(file), accumulator);
        InputStream in = new GZIPInputStream(hashed, 1 << 16)) {
      rows = copies.copyIn("copy " + target(table.name(), table.columns()) + " from stdin", in);
      hashed.transferTo(OutputStream.nullOutputStream());
    }
    if (rows != table.rows() || !Digest.of(accumulator).equals(table.sha256())) {
      throw new BackupException(
          file + " is not as it was written: nothing was restored; take another backup");
    }
  }

  /** A number that a row has must not be given to another one. */
  private void continueIdentities(String table) throws SQLException {
    List<String> identities =
        names(
            """
            select column_name from information_schema.columns
            where table_schema = current_schema() and is_identity = 'YES' and table_name = ?
            """,
            table);
    for (String column : identities) {
      try (Statement statement = connection.createStatement()) {
        statement.execute(
            "select setval(pg_get_serial_sequence('%s', '%s'), max(%s)) from %s"
                .formatted(quoted(table), column, quoted(column), quoted(table)));
      }
    }
  }

  /** Every table of the ledger, each after those that its foreign keys name. */
  private List<String> ordered() throws SQLException {
    Set<String> left =
        new TreeSet<>(
            names(
                """
                select table_name from information_schema.tables
                where table_schema = current_schema() and table_type = 'BASE TABLE'
                  and table_name <> 'flyway_schema_history'
                """));
    Map<String, Set<String>> references = references();
    List<String> ordered = new ArrayList<>();
    while (!left.isEmpty()) {
      String next =
          left.stream()
              .filter(table -> ordered.containsAll(references.getOrDefault(table, Set.of())))
              .findFirst()
              .orElseThrow(() -> new IllegalStateException("Tables refer in a circle: " + left));
      left.remove(next);
      ordered.add(next);
    }
    return ordered;
  }

  /** Table → the other tables that its foreign keys name; rows of one COPY may name each other. */
  private Map<String, Set<String>> references() throws SQLException {
    Map<String, Set<String>> references = new HashMap<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                """
                select source.relname, target.relname
                from pg_constraint
                join pg_class source on source.oid = conrelid
                join pg_class target on target.oid = confrelid
                where contype = 'f' and conrelid <> confrelid
                  and connamespace = current_schema()::regnamespace
                """)) {
      while (rows.next()) {
        references
            .computeIfAbsent(rows.getString(1), name -> new HashSet<>())
            .add(rows.getString(2));
      }
    }
    return references;
  }

  /**
   * The columns that are kept. A run's incarnation is not: one that was restored gets another,
   * which fences out whoever works on what it was before.
   */
  private List<String> columns(String table) throws SQLException {
    return names(
        """
        select column_name from information_schema.columns
        where table_schema = current_schema() and table_name = ? and is_generated = 'NEVER'
          and (table_name, column_name) <> ('run', 'incarnation')
        order by ordinal_position
        """,
        table);
  }

  private List<String> names(String query, String... parameters) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(query)) {
      for (int i = 0; i < parameters.length; i++) {
        statement.setString(i + 1, parameters[i]);
      }
      List<String> names = new ArrayList<>();
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          names.add(rows.getString(1));
        }
      }
      return names;
    }
  }

  private static String target(String table, List<String> columns) {
    return quoted(table)
        + " ("
        + String.join(", ", columns.stream().map(Tables::quoted).toList())
        + ")";
  }

  private static String quoted(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }
}
