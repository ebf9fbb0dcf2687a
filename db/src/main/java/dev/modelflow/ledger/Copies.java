package dev.modelflow.ledger;

import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Copies the rows that say what a stage made to the stage that reuses it. */
final class Copies {
  private static final List<String> STATEMENTS =
      List.of(
          """
          insert into stage_output (stage_id, name, artifact_id)
          select :to, name, artifact_id from stage_output where stage_id = :from
          on conflict do nothing
          """,
          """
          insert into checkpoint (stage_id, step, tokens, artifact_id, attempt_id, final)
          select :to, step, tokens, artifact_id, attempt_id, final
          from checkpoint where stage_id = :from
          on conflict do nothing
          """,
          """
          insert into evaluation (stage_id, checkpoint_id, task, metric, value, standard_error,
            samples, higher_is_better)
          select :to, checkpoint_id, task, metric, value, standard_error, samples, higher_is_better
          from evaluation where stage_id = :from
          on conflict do nothing
          """);

  private final JdbcClient jdbc;

  Copies(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  void copy(long from, long to) {
    for (String statement : STATEMENTS) {
      jdbc.sql(statement).param("from", from).param("to", to).update();
    }
  }
}
