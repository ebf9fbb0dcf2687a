package dev.modelflow.ledger;

import dev.modelflow.domain.Digest;
import dev.modelflow.domain.StageInput;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Finds the artifacts that stages read. */
final class StageInputs {
  private final JdbcClient jdbc;
  private final Transactions transactions;

  StageInputs(JdbcClient jdbc, Transactions transactions) {
    this.jdbc = jdbc;
    this.transactions = transactions;
  }

  /**
   * What {@code reader} reads in this role. Throws {@link MissingInputException} naming what there
   * is instead.
   */
  Digest artifact(Stage reader, String role, StageInput input) {
    Long step = input.step();
    return step == null ? output(reader, role, input) : checkpoint(reader, input, step);
  }

  private Digest output(Stage reader, String role, StageInput input) {
    Map<String, Digest> outputs =
        named(
            """
            select output.name, output.artifact_id
            from stage join stage_output as output on output.stage_id = stage.id
            where stage.run_id = :run and stage.name = :stage
            order by output.name
            """,
            reader.runId(),
            input.stage());
    Digest output = outputs.get(input.output());
    if (output == null) {
      throw new MissingInputException(
          "Stage '%s' reads '%s' from output '%s' of stage '%s', which made: %s"
              .formatted(reader.name(), role, input.output(), input.stage(), outputs.keySet()));
    }
    return output;
  }

  private Digest checkpoint(Stage reader, StageInput input, long step) {
    Map<String, Digest> checkpoints =
        named(
            """
            select checkpoint.step::text, checkpoint.artifact_id
            from stage join checkpoint on checkpoint.stage_id = stage.id
            where stage.run_id = :run and stage.name = :stage
            order by checkpoint.step
            """,
            reader.runId(),
            input.stage());
    Digest checkpoint = checkpoints.get(Long.toString(step));
    if (checkpoint == null) {
      throw new MissingInputException(
          "Stage '%s' reads the checkpoint of stage '%s' after step %d, but it wrote them after: %s"
              .formatted(reader.name(), input.stage(), step, checkpoints.keySet()));
    }
    return checkpoint;
  }

  /** The rows of a question about a stage: the first column's text → artifact, in their order. */
  private Map<String, Digest> named(String question, String runId, String stage) {
    return transactions.read(
        () -> {
          Map<String, Digest> artifacts = new LinkedHashMap<>();
          jdbc.sql(question)
              .param("run", runId)
              .param("stage", stage)
              .query(
                  row -> {
                    artifacts.put(row.getString(1), new Digest(row.getString("artifact_id")));
                  });
          return artifacts;
        });
  }
}
