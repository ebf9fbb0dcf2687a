package dev.modelflow.cli.faults;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Everything that a run put on record and that must not hang on what befell it, a line each.
 *
 * @param outputs stage, output, artifact
 * @param checkpoints stage, step, artifact
 * @param metrics stage, name, step, value: every point
 * @param evaluations stage, task, metric, value, error, samples
 */
record RunRecord(
    List<String> outputs,
    List<String> checkpoints,
    List<String> metrics,
    List<String> evaluations) {
  /** What the ledger holds of a run. */
  static RunRecord of(LedgerEye ledger, String run) throws SQLException {
    return new RunRecord(
        lines(
            ledger,
            run,
            """
            select concat_ws(' ', stage.name, o.name, o.artifact_id) as line
            from stage_output o join stage on stage.id = o.stage_id where run_id = ? order by 1
            """),
        lines(
            ledger,
            run,
            """
            select concat_ws(' ', stage.name, c.step, c.artifact_id, c.tokens, c.final) as line
            from checkpoint c join stage on stage.id = c.stage_id where run_id = ? order by 1
            """),
        lines(
            ledger,
            run,
            """
            select concat_ws(' ', stage.name, m.name, m.step, m.value) as line
            from metric m join stage on stage.id = m.stage_id where run_id = ? order by 1
            """),
        lines(
            ledger,
            run,
            """
            select concat_ws(' ', stage.name, e.task, e.metric, e.value, e.standard_error, e.samples)
              as line
            from evaluation e join stage on stage.id = e.stage_id where run_id = ? order by 1
            """));
  }

  private static List<String> lines(LedgerEye ledger, String run, String sql) throws SQLException {
    return ledger.rows(sql, row -> row.getString("line"), run);
  }

  /** In what this one differs from another, a sentence each. */
  List<String> differences(RunRecord undisturbed) {
    List<String> found = new ArrayList<>();
    compare("output", outputs, undisturbed.outputs, found);
    compare("checkpoint", checkpoints, undisturbed.checkpoints, found);
    compare("metric point", metrics, undisturbed.metrics, found);
    compare("evaluation", evaluations, undisturbed.evaluations, found);
    return found;
  }

  private static void compare(
      String what, List<String> here, List<String> undisturbed, List<String> found) {
    minus(undisturbed, here).forEach(line -> found.add("lacks the " + what + ": " + line));
    minus(here, undisturbed).forEach(line -> found.add("has another " + what + ": " + line));
  }

  private static List<String> minus(List<String> these, List<String> those) {
    List<String> rest = new ArrayList<>(these);
    those.forEach(rest::remove);
    return rest;
  }
}
