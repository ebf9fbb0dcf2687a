package dev.modelflow.cli.bench.platform;

import dev.modelflow.ledger.LedgerConfig;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.TimeUnit;

/**
 * What the ledger's Postgres has to do.
 *
 * @param transactions a second, of all processes
 * @param connections that are open at the end
 */
record LedgerLoad(double transactions, int connections) {
  private static final String COUNTS =
      """
      select xact_commit + xact_rollback as transactions, numbackends
      from pg_stat_database where datname = current_database()
      """;

  /** Counts for so long. */
  static LedgerLoad during(LedgerConfig ledger, int seconds)
      throws SQLException, InterruptedException {
    try (Connection connection =
        DriverManager.getConnection(ledger.url(), ledger.user(), ledger.password())) {
      long began = System.nanoTime();
      LedgerLoad before = look(connection);
      TimeUnit.SECONDS.sleep(seconds);
      LedgerLoad after = look(connection);
      double took = (System.nanoTime() - began) / 1e9;
      return new LedgerLoad((after.transactions - before.transactions) / took, after.connections);
    }
  }

  private static LedgerLoad look(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(COUNTS)) {
      row.next();
      return new LedgerLoad(row.getLong("transactions"), row.getInt("numbackends"));
    }
  }
}
