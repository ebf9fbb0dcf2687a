package dev.modelflow.ledger;

import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What happened in runs, for people. */
public final class Events {
  private final JdbcClient jdbc;
  private final Transactions transactions;

  Events(JdbcClient jdbc, Transactions transactions) {
    this.jdbc = jdbc;
    this.transactions = transactions;
  }

  /**
   * Adds one event. Events of one run commit in the order of their numbers, so that a reader who
   * asks for those behind a number misses none.
   *
   * <p>Until the caller's transaction ends no other adds an event to the run. Whoever also locks
   * rows of stages or of the run does so before, in this order; the audit log's lock comes after.
   *
   * @param stage the stage's name; null when it concerns the whole run
   */
  public void add(String runId, @Nullable String stage, Level level, String message) {
    transactions.run(
        () -> {
          lock(runId);
          insert(runId, stage, level, message);
        });
  }

  private void lock(String runId) {
    jdbc.sql("select pg_advisory_xact_lock(hashtextextended(:text, 0))::text")
        .param("text", "events " + runId)
        .query(String.class)
        .list();
  }

  private void insert(String runId, @Nullable String stage, Level level, String message) {
    jdbc.sql(
            """
            insert into event (run_id, stage, level, message)
            values (:run, :stage, :level, :message)
            """)
        .param("run", runId)
        .param("stage", stage)
        .param("level", level.word())
        .param("message", message)
        .update();
  }

  /** How much an event asks for attention. */
  public enum Level {
    INFO("info"),
    WARNING("warning"),
    ERROR("error");

    private final String word;

    Level(String word) {
      this.word = word;
    }

    /** The word that the ledger and trainers use. */
    public String word() {
      return word;
    }

    /** The level written as {@code word}; {@link #INFO} for words that are none. */
    public static Level of(String word) {
      return switch (word) {
        case "warning" -> WARNING;
        case "error" -> ERROR;
        default -> INFO;
      };
    }
  }
}
