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
   * Adds one event.
   *
   * @param stage the stage's name; null when it concerns the whole run
   */
  public void add(String runId, @Nullable String stage, Level level, String message) {
    transactions.run(
        () ->
            jdbc.sql(
                    """
                    insert into event (run_id, stage, level, message)
                    values (:run, :stage, :level, :message)
                    """)
                .param("run", runId)
                .param("stage", stage)
                .param("level", level.word())
                .param("message", message)
                .update());
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
