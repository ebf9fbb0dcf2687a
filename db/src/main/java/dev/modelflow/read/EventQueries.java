package dev.modelflow.read;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Questions about what happened in a run. */
public final class EventQueries {
  /** The most events that one answer holds. */
  public static final int MOST = 500;

  private final JdbcClient db;

  /** Asks the ledger behind {@code db}. */
  public EventQueries(JdbcClient db) {
    this.db = db;
  }

  /** Up to {@code limit} events that follow {@code after}, oldest first. */
  public List<EventView> after(String run, long after, int limit) {
    return db.sql("select * from event where run_id = ? and seq > ? order by seq limit ?")
        .params(run, after, Math.clamp(limit, 1, MOST))
        .query(EventQueries::event)
        .list();
  }

  /** The newest events, oldest first. */
  public List<EventView> newest(String run, int limit) {
    return db.sql("select * from event where run_id = ? order by seq desc limit ?")
        .params(run, Math.clamp(limit, 1, MOST))
        .query(EventQueries::event)
        .list()
        .reversed();
  }

  static EventView event(ResultSet row, int number) throws SQLException {
    return new EventView(
        row.getLong("seq"),
        Rows.textOrNull(row, "stage"),
        row.getString("level"),
        row.getString("message"),
        Rows.instant(row, "at"));
  }
}
