package dev.modelflow.cli.bench.flows;

import dev.modelflow.cli.bench.http.Latencies;
import dev.modelflow.ledger.LedgerConfig;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * What the ledger says of how long flows took. Stages of these flows follow one another. Asks over
 * one connection, so that looking again and again costs what is measured little; for one thread.
 */
public final class FlowTimes implements AutoCloseable {
  /** A stage is ready when the one before it was committed, the first when its run was begun. */
  private static final String STAGES =
      """
      select 1000 * extract(epoch from stage.finished_at
               - coalesce(before.finished_at, run.started_at)) as millis
      from run
      join stage on stage.run_id = run.id
      left join stage before on before.run_id = run.id and before.position = stage.position - 1
      where run.name = ? and stage.status = 'succeeded'
      """;

  private static final String WAITS =
      """
      select 1000 * extract(epoch from attempt.started_at
               - coalesce(before.finished_at, run.started_at)) as millis
      from run
      join stage on stage.run_id = run.id
      join attempt on attempt.stage_id = stage.id and attempt.status = 'succeeded'
      left join stage before on before.run_id = run.id and before.position = stage.position - 1
      where run.name = ?
      """;

  private static final String BEGINNINGS =
      """
      select 1000 * extract(epoch from started_at - created_at) as millis
      from run where name = ? and started_at is not null
      """;

  private static final String ENDED =
      """
      select count(*) filter (where finished_at is not null) as ended,
             count(*) filter (where status = 'succeeded') as succeeded,
             coalesce(extract(epoch from max(finished_at) - min(created_at)), 0) as seconds
      from run where name = ?
      """;

  private final Connection connection;

  private FlowTimes(Connection connection) {
    this.connection = connection;
  }

  /** Connects to this ledger. */
  public static FlowTimes open(LedgerConfig ledger) throws SQLException {
    return new FlowTimes(
        DriverManager.getConnection(ledger.url(), ledger.user(), ledger.password()));
  }

  /** From when each stage of the runs of this name was ready until it was committed. */
  public Latencies stages(String name) throws SQLException {
    return latencies(STAGES, name);
  }

  /** From when each stage of the runs of this name was ready until a worker began with it. */
  public Latencies waits(String name) throws SQLException {
    return latencies(WAITS, name);
  }

  /** From when each run of this name was recorded until it was begun. */
  public Latencies beginnings(String name) throws SQLException {
    return latencies(BEGINNINGS, name);
  }

  /** How the runs of this name stand. */
  public Ended ended(String name) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(ENDED)) {
      statement.setString(1, name);
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        return new Ended(row.getInt("ended"), row.getInt("succeeded"), row.getDouble("seconds"));
      }
    }
  }

  private Latencies latencies(String query, String name) throws SQLException {
    List<Double> taken = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(query)) {
      statement.setString(1, name);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          taken.add(rows.getDouble("millis"));
        }
      }
    }
    return Latencies.of(taken);
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }

  /**
   * How some runs stand.
   *
   * @param ended how many have
   * @param succeeded how many of those as they should
   * @param seconds from the first one's record to the last one's end
   */
  public record Ended(int ended, int succeeded, double seconds) {}
}
