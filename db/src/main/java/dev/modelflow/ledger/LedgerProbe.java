package dev.modelflow.ledger;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationInfoService;
import org.jspecify.annotations.Nullable;

/**
 * How a ledger stands, seen without patience and without changing it.
 *
 * @param schema version of its schema; null when it has none yet
 * @param behind how many migrations it lacks
 * @param ahead how many migrations it has that this build does not know
 * @param clock what its server takes for now
 * @param heard pool → when the last of its workers was heard of
 * @param asked the pools of all stages that have yet to end
 */
public record LedgerProbe(
    @Nullable String schema,
    int behind,
    int ahead,
    Instant clock,
    Map<String, Instant> heard,
    Set<String> asked) {
  private static final int CONNECT_SECONDS = 5;

  private static final String ASKED =
      """
      select distinct stage.pool
      from run join stage on stage.run_id = run.id
      where run.status in ('queued', 'running', 'cancelling')
        and stage.status in ('waiting', 'running')
      """;

  /**
   * Asks the ledger.
   *
   * @throws SQLException when it cannot be reached or lets nobody in with this role and password
   */
  public static LedgerProbe of(LedgerConfig config) throws SQLException {
    DriverManager.setLoginTimeout(CONNECT_SECONDS);
    try (Connection connection =
            DriverManager.getConnection(config.url(), config.user(), config.password());
        Statement statement = connection.createStatement()) {
      MigrationInfoService schema =
          Flyway.configure()
              .dataSource(config.url(), config.user(), config.password())
              .load()
              .info();
      MigrationInfo current = schema.current();
      return new LedgerProbe(
          current == null ? null : String.valueOf(current.getVersion()),
          schema.pending().length,
          ahead(schema),
          clock(statement),
          current == null ? Map.of() : heard(statement),
          current == null ? Set.of() : asked(statement));
    }
  }

  private static int ahead(MigrationInfoService schema) {
    return (int)
        Arrays.stream(schema.all())
            .filter(it -> it.getState().isApplied() && !it.getState().isResolved())
            .count();
  }

  private static Instant clock(Statement statement) throws SQLException {
    try (ResultSet row = statement.executeQuery("select clock_timestamp()")) {
      row.next();
      return row.getObject(1, OffsetDateTime.class).toInstant();
    }
  }

  private static Map<String, Instant> heard(Statement statement) throws SQLException {
    Map<String, Instant> heard = new TreeMap<>();
    try (ResultSet rows =
        statement.executeQuery("select pool, max(last_heard_at) from worker group by pool")) {
      while (rows.next()) {
        heard.put(rows.getString(1), rows.getObject(2, OffsetDateTime.class).toInstant());
      }
    }
    return heard;
  }

  private static Set<String> asked(Statement statement) throws SQLException {
    Set<String> asked = new TreeSet<>();
    try (ResultSet rows = statement.executeQuery(ASKED)) {
      while (rows.next()) {
        asked.add(rows.getString(1));
      }
    }
    return asked;
  }
}
