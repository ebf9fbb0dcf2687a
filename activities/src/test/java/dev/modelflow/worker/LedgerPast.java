package dev.modelflow.worker;

import dev.modelflow.ledger.LedgerConfig;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * An earlier state of a ledger, to which it can go back under the eyes of everybody who is
 * connected to it, as when an operator restores it with Postgres' own means (docs/operating.md).
 */
final class LedgerPast {
  /** Each after those that it refers to. */
  private static final List<String> TABLES =
      List.of(
          "project",
          "recipe",
          "run",
          "run_outbox",
          "stage",
          "attempt",
          "artifact",
          "artifact_file",
          "stage_output",
          "checkpoint",
          "edge",
          "metric",
          "evaluation",
          "event",
          "worker",
          "audit_event",
          "api_token",
          "log_chunk");

  private final LedgerConfig ledger;

  private LedgerPast(LedgerConfig ledger) {
    this.ledger = ledger;
  }

  /** Remembers how the ledger stands now. */
  static LedgerPast remember(LedgerConfig ledger) {
    LedgerPast past = new LedgerPast(ledger);
    past.inOneTransaction(
        statement -> {
          statement.execute("create schema past");
          for (String table : TABLES) {
            statement.execute("create table past.%1$s as table %1$s".formatted(table));
          }
        });
    return past;
  }

  /** Goes back; row numbers that were given since then are given again. */
  void restore() {
    inOneTransaction(
        statement -> {
          statement.execute("truncate " + String.join(", ", TABLES) + " cascade");
          for (String table : TABLES) {
            statement.execute(
                "insert into %1$s overriding system value table past.%1$s".formatted(table));
          }
          for (String table : List.of("stage", "attempt", "event")) {
            statement.execute(
                "select setval(pg_get_serial_sequence('%1$s', '%2$s'), coalesce(max(%2$s), 0) + 1, false) from %1$s"
                    .formatted(table, table.equals("event") ? "seq" : "id"));
          }
          statement.execute("update run set incarnation = gen_random_uuid()");
        });
  }

  private void inOneTransaction(Work work) {
    try (Connection connection =
            DriverManager.getConnection(ledger.url(), ledger.user(), ledger.password());
        Statement statement = connection.createStatement()) {
      connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      connection.setAutoCommit(false);
      work.on(statement);
      connection.commit();
    } catch (SQLException failure) {
      throw new IllegalStateException(failure);
    }
  }

  private interface Work {
    void on(Statement statement) throws SQLException;
  }
}
