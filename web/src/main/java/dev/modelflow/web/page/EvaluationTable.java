package dev.modelflow.web.page;

import dev.modelflow.read.EvaluationView;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Evaluations with one row per evaluated stage, in the order of the flow, each value compared with
 * the one above it.
 *
 * @param tasks the columns
 * @param rows the stages
 */
record EvaluationTable(List<Task> tasks, List<Row> rows) {
  /** What was measured, and how. */
  record Task(String task, String metric, boolean higherIsBetter) {}

  /**
   * The numbers of one stage.
   *
   * @param cells one for each task; null where the stage was not measured so
   */
  record Row(String stage, List<@Nullable Cell> cells) {}

  /**
   * One number.
   *
   * @param change {@code better}, {@code worse} or {@code same} against the stage before; same
   *     means within two standard errors of the difference; null when there is none before
   * @param difference from the stage before
   */
  record Cell(EvaluationView value, @Nullable String change, double difference) {}

  static EvaluationTable of(List<EvaluationView> evaluations) {
    Set<Task> tasks = new LinkedHashSet<>();
    Map<String, Map<Task, EvaluationView>> byStage = new LinkedHashMap<>();
    for (EvaluationView evaluation : evaluations) {
      Task task = new Task(evaluation.task(), evaluation.metric(), evaluation.higherIsBetter());
      tasks.add(task);
      byStage
          .computeIfAbsent(
              Objects.requireNonNullElse(evaluation.of(), evaluation.stage()),
              stage -> new LinkedHashMap<>())
          .put(task, evaluation);
    }
    List<Row> rows = new ArrayList<>();
    Map<Task, EvaluationView> before = new LinkedHashMap<>();
    byStage.forEach(
        (stage, values) -> {
          List<@Nullable Cell> cells = new ArrayList<>();
          for (Task task : tasks) {
            EvaluationView value = values.get(task);
            cells.add(value == null ? null : cell(value, before.get(task)));
          }
          rows.add(new Row(stage, cells));
          before.putAll(values);
        });
    return new EvaluationTable(List.copyOf(tasks), List.copyOf(rows));
  }

  private static Cell cell(EvaluationView value, @Nullable EvaluationView before) {
    if (before == null) {
      return new Cell(value, null, 0);
    }
    double difference = value.value() - before.value();
    double error = Math.hypot(value.standardError(), before.standardError());
    String change =
        Math.abs(difference) <= 2 * error
            ? "same"
            : difference > 0 == value.higherIsBetter() ? "better" : "worse";
    return new Cell(value, change, difference);
  }
}
