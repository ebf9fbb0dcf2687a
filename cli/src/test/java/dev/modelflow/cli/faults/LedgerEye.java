package dev.modelflow.cli.faults;

import dev.modelflow.domain.RunStatus;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Properties;

/** Reads the ledger past all faults, each time over a connection of its own. */
final class LedgerEye {
  private final String url;
  private final Properties properties = new Properties();

  LedgerEye(StackAddress address) {
    url = "jdbc:postgresql://127.0.0.1:" + address.ledgerPort() + "/modelflow";
    properties.setProperty("user", "modelflow");
    properties.setProperty("password", address.secret("ledger-password"));
    properties.setProperty("connectTimeout", "3");
    properties.setProperty("socketTimeout", "20");
  }

  /** What a query reads from one row. */
  @FunctionalInterface
  interface Row<T> {
    T read(ResultSet row) throws SQLException;
  }

  /** The rows of a query. */
  <T> List<T> rows(String sql, Row<T> row, String... parameters) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url, properties);
        PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int index = 0; index < parameters.length; index++) {
        statement.setString(index + 1, parameters[index]);
      }
      try (ResultSet found = statement.executeQuery()) {
        List<T> rows = new ArrayList<>();
        while (found.next()) {
          rows.add(row.read(found));
        }
        return rows;
      }
    }
  }

  /** How a run stands; empty while the ledger is away. */
  Optional<Observation> look(String run) {
    try {
      RunStatus status =
          rows(
                  "select status from run where id = ?",
                  row -> RunStatus.of(row.getString("status")),
                  run)
              .getFirst();
      Instant heard =
          rows(
                  """
                  select coalesce(max(greatest(last_heard_at, ended_at)), 'epoch') as heard
                  from attempt join stage on stage.id = attempt.stage_id where run_id = ?
                  """,
                  row -> row.getTimestamp("heard").toInstant(),
                  run)
              .getFirst();
      return Optional.of(new Observation(status, heard, progress(run)));
    } catch (SQLException | NoSuchElementException away) {
      // While the ledger is restored, it holds no run.
      return Optional.empty();
    }
  }

  private List<Observation.Progress> progress(String run) throws SQLException {
    return rows(
        """
        select name, epoch, current_step from stage
        where run_id = ? and current_step is not null and total_steps is not null
        """,
        row ->
            new Observation.Progress(
                row.getString("name"), row.getInt("epoch"), row.getLong("current_step")),
        run);
  }

  /** Stage → epoch → the step after which that attempt went on. */
  Map<String, Map<Integer, Long>> resumed(String run) throws SQLException {
    Map<String, Map<Integer, Long>> resumed = new HashMap<>();
    rows(
        """
        select name, attempt.epoch, resumed_from
        from attempt join stage on stage.id = attempt.stage_id
        where run_id = ? and resumed_from is not null
        """,
        row ->
            resumed
                .computeIfAbsent(row.getString("name"), any -> new HashMap<>())
                .put(row.getInt("epoch"), row.getLong("resumed_from")),
        run);
    return resumed;
  }

  /** Stage → steps that it has. */
  Map<String, Long> totals(String run) throws SQLException {
    Map<String, Long> totals = new HashMap<>();
    rows(
        "select name, total_steps from stage where run_id = ? and total_steps is not null",
        row -> totals.put(row.getString("name"), row.getLong("total_steps")),
        run);
    return totals;
  }
}
