package dev.modelflow.backup;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The database that a backup is to be restored into, and all that is in it is to be lost. */
final class RestoreTarget {
  private static final String HISTORY = "flyway_schema_history";

  /** Tables that only a ledger has all of. */
  private static final List<String> MARKS = List.of("artifact_file", HISTORY, "run", "stage");

  private static final Duration LINGERING = Duration.ofSeconds(3);
  private static final Duration POLL = Duration.ofMillis(50);

  private final Connection connection;

  RestoreTarget(Connection connection) {
    this.connection = connection;
  }

  /**
   * Looks whether it may be filled.
   *
   * @throws BackupException when something else is connected to it, or it holds anything but a
   *     ledger without runs
   */
  void requireUnusedAndEmpty() throws SQLException {
    requireUnused();
    requireLedgerOrNothing();
  }

  private void requireLedgerOrNothing() throws SQLException {
    List<String> tables = tables();
    // A restoration that was cut off may have left the history alone.
    if (tables.isEmpty() || tables.equals(List.of(HISTORY))) {
      return;
    }
    if (!tables.containsAll(MARKS)) {
      throw new BackupException(
          "The database holds something else than a ledger (%s): restore into an empty one"
              .formatted(String.join(", ", tables)));
    }
    long runs = number("select count(*) from run");
    if (runs > 0) {
      throw new BackupException(
          "The ledger already holds %d runs: restore into an empty one".formatted(runs));
    }
  }

  /** What would be lost, but for what belongs to Postgres' extensions. */
  private List<String> tables() throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                """
                select relname from pg_class
                where relnamespace = current_schema()::regnamespace
                  and relkind in ('r', 'p', 'f', 'v', 'm')
                  and not exists (
                    select 1 from pg_depend
                    where classid = 'pg_class'::regclass and objid = pg_class.oid and deptype = 'e')
                order by relname
                """)) {
      List<String> tables = new ArrayList<>();
      while (rows.next()) {
        tables.add(rows.getString(1));
      }
      return tables;
    }
  }

  /** Waits a moment: Postgres ends the connection of a process that has gone a little later. */
  private void requireUnused() throws SQLException {
    long deadline = System.nanoTime() + LINGERING.toNanos();
    long others = others();
    while (others > 0 && System.nanoTime() < deadline) {
      pause();
      others = others();
    }
    if (others > 0) {
      throw new BackupException(
          "The ledger is in use (%d connections): end web and workers first".formatted(others));
    }
  }

  /** Postgres' own processes are nobody's, and in nobody's way. */
  private long others() throws SQLException {
    return number(
        """
        select count(*) from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid() and usesysid is not null
        """);
  }

  private static void pause() {
    try {
      Thread.sleep(POLL);
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      throw new BackupException("Was stopped while waiting for the ledger to be let go", stop);
    }
  }

  private long number(String query) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      rows.next();
      return rows.getLong(1);
    }
  }
}
