package dev.modelflow.cli.view;

import dev.modelflow.cli.client.Run;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Every stage's evaluation beside that of the stage before. */
public final class EvaluationTable {
  private final Run run;
  private final boolean all;

  private EvaluationTable(Run run, boolean all) {
    this.run = run;
    this.all = all;
  }

  /** Every number of the run. */
  public static EvaluationTable whole(Run run) {
    return new EvaluationTable(run, true);
  }

  /** Without each source's own text. */
  public static EvaluationTable brief(Run run) {
    return new EvaluationTable(run, false);
  }

  /** The lines; none when nothing was measured. */
  public List<String> render() {
    Table table = new Table("stage", "task", "metric", ">value", ">± error", ">n", ">change", "");
    for (Run.Stage stage : run.stages()) {
      String shown = stage.name();
      for (Run.Evaluation evaluation : of(stage.name())) {
        add(table, shown, stage, evaluation);
        shown = "";
      }
    }
    return table.isEmpty() ? List.of() : table.render();
  }

  private List<Run.Evaluation> of(String stage) {
    return run.evaluations().stream()
        .filter(it -> stage.equals(run.subject(it)))
        .filter(it -> all || !isDetail(it))
        .sorted(Comparator.comparing(Run.Evaluation::task).thenComparing(Run.Evaluation::metric))
        .toList();
  }

  private static boolean isDetail(Run.Evaluation evaluation) {
    return evaluation.task().startsWith("text-");
  }

  private void add(Table table, String name, Run.Stage stage, Run.Evaluation now) {
    Optional<Run.Evaluation> before = before(stage, now);
    table.add(
        name,
        now.task(),
        now.metric(),
        number(now.value()),
        number(now.standardError()),
        now.samples(),
        before.map(it -> signed(now.value() - it.value())).orElse(""),
        before.map(it -> verdict(it, now)).orElse(""));
  }

  /** The same measure of the nearest earlier checkpoint that this stage's training began from. */
  private Optional<Run.Evaluation> before(Run.Stage stage, Run.Evaluation now) {
    return run.stages().stream()
        .filter(it -> stage.after().contains(it.name()) && it.position() < stage.position())
        .sorted(Comparator.comparingInt(Run.Stage::position).reversed())
        .flatMap(it -> of(it.name()).stream())
        .filter(it -> it.task().equals(now.task()) && it.metric().equals(now.metric()))
        .findFirst();
  }

  /** A difference within two standard errors is no news. */
  private static String verdict(Run.Evaluation before, Run.Evaluation now) {
    double difference = now.value() - before.value();
    double noise = Math.hypot(now.standardError(), before.standardError());
    if (Math.abs(difference) <= 2 * noise) {
      return "within noise";
    }
    return difference > 0 == now.higherIsBetter() ? "better" : "worse";
  }

  private static String signed(double value) {
    return (value > 0 ? "+" : "") + number(value);
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, Math.abs(value) >= 100 ? "%.1f" : "%.3f", value);
  }
}
