package dev.modelflow.read;

import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What a shortened id may stand for. */
public final class IdQueries {
  /** More than these help nobody to see which one was meant. */
  private static final int MOST = 10;

  private final JdbcClient db;

  /** Asks the ledger behind {@code db}. */
  public IdQueries(JdbcClient db) {
    this.db = db;
  }

  /** The newest runs whose ids begin so. */
  public List<String> runs(String beginning) {
    return db.sql(
            "select id from run where starts_with(id, ?) order by created_at desc, id limit ?")
        .params(beginning, MOST)
        .query(String.class)
        .list();
  }

  /** The newest artifacts whose ids begin so. */
  public List<String> artifacts(String beginning) {
    return db.sql(
            """
            select id from artifact where starts_with(id::text, ?)
            order by created_at desc, id limit ?
            """)
        .params(beginning, MOST)
        .query(String.class)
        .list();
  }
}
