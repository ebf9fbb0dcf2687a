package dev.modelflow.web.page;

import dev.modelflow.read.EvaluationView;
import dev.modelflow.read.StageView;
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
 * that of the latest stage that it goes back to and that was measured so.
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

  /** Of a run's evaluations and all of its stages. */
  static EvaluationTable of(List<EvaluationView> evaluations, List<StageView> stages) {
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
    Map<String, List<String>> after = new LinkedHashMap<>();
    stages.forEach(stage -> after.put(stage.name(), stage.after()));
    List<Row> rows = new ArrayList<>();
    byStage.forEach(
        (stage, values) -> {
          List<@Nullable Cell> cells = new ArrayList<>();
          for (Task task : tasks) {
            EvaluationView value = values.get(task);
            cells.add(value == null ? null : cell(value, before(stage, task, byStage, after)));
          }
          rows.add(new Row(stage, cells));
        });
    return new EvaluationTable(List.copyOf(tasks), List.copyOf(rows));
  }

  /** The latest of those that a stage goes back to: it may stand beside others, not after them. */
  private static @Nullable EvaluationView before(
      String stage,
      Task task,
      Map<String, Map<Task, EvaluationView>> byStage,
      Map<String, List<String>> after) {
    Set<String> earlier = earlier(stage, after);
    EvaluationView latest = null;
    for (Map.Entry<String, Map<Task, EvaluationView>> row : byStage.entrySet()) {
      if (earlier.contains(row.getKey()) && row.getValue().containsKey(task)) {
        latest = row.getValue().get(task);
      }
    }
    return latest;
  }

  private static Set<String> earlier(String stage, Map<String, List<String>> after) {
    Set<String> earlier = new LinkedHashSet<>();
    List<String> open = new ArrayList<>(after.getOrDefault(stage, List.of()));
    for (int i = 0; i < open.size(); i++) {
      if (earlier.add(open.get(i))) {
        open.addAll(after.getOrDefault(open.get(i), List.of()));
      }
    }
    return earlier;
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
