package dev.modelflow.cli.bench.engine;

import static dev.modelflow.cli.bench.engine.Figures.decimals;
import static dev.modelflow.cli.bench.engine.Figures.percent;

import dev.modelflow.bench.Gemm;
import dev.modelflow.bench.Generation;
import dev.modelflow.cli.view.Numbers;
import dev.modelflow.cli.view.Table;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A report as lines for a person. */
public final class EngineTables {
  private static final List<String> FORMULAS =
      List.of(
          "Forward is the first part of the pass that trains, up to the loss and its slopes at the logits,",
          "optimizer the norm and AdamW, data reading and packing rows, each measured alone; backward is what",
          "remains of a step. Checkpoint is what one adds to its stage, by a stage with one every few steps",
          "and one without; then its share of the stage's time with one in so many steps, and from how many",
          "steps between them it is below 5 %.",
          "PyTorch trains the same shapes on tokens in memory; each tokens/s is the median of its rounds.");

  private EngineTables() {}

  /** The whole report. */
  public static List<String> lines(EngineBenchReport report) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "%s, %d threads, %d rounds of %s s each, by turns. %s."
            .formatted(
                report.device(),
                report.threads(),
                report.rounds(),
                Numbers.brief(report.secondsOfRound()),
                report.pytorchSaid()));
    report.peaks().forEach((precision, peak) -> lines.add(peak(precision, peak)));
    add(lines, training(report.engine()));
    add(lines, parts(report.engine()));
    add(lines, generation(report.engine()));
    if (!report.pytorch().isEmpty()) {
      add(lines, pytorch(report.pytorch()));
      lines.addAll(failures(report.pytorch()));
    }
    if (report.bars().isEmpty()) {
      lines.addAll(List.of("", "The bars are a processor's: a GPU is held to none."));
    } else {
      add(lines, bars(report.bars()));
    }
    lines.add("");
    lines.add("Of peak: " + EngineRow.PEAK_SHARE.getFirst());
    lines.addAll(EngineRow.PEAK_SHARE.subList(1, EngineRow.PEAK_SHARE.size()));
    lines.addAll(FORMULAS);
    return lines;
  }

  private static String peak(String precision, Gemm peak) {
    return "Matrix products in %s reach %s GFLOP/s (%d x %d%s)."
        .formatted(
            precision,
            Numbers.brief(peak.gflops()),
            peak.size(),
            peak.size(),
            peak.transposed() ? ", the second by columns" : "");
  }

  private static void add(List<String> lines, Table table) {
    lines.add("");
    lines.addAll(table.render());
  }

  private static Table training(List<EngineRow> rows) {
    Table table =
        new Table(
            "size",
            ">parameters",
            ">layers",
            ">width",
            ">vocabulary",
            ">rows",
            ">length",
            "precision",
            ">tokens/s",
            ">of peak",
            ">times PyTorch",
            ">MB at most");
    for (EngineRow row : rows) {
      Double times = row.timesPytorch();
      table.add(
          row.size().name(),
          Numbers.brief((double) row.report().parameters()),
          row.size().layers(),
          row.size().width(),
          row.size().vocabulary(),
          row.size().rows(),
          row.size().context(),
          row.precision(),
          Math.round(row.rate().tokensPerSecond()),
          percent(row.peakShare(), 0),
          times == null ? "" : decimals(times, 2),
          row.report().peakMegabytes() == 0 ? "" : row.report().peakMegabytes());
    }
    return table;
  }

  private static Table parts(List<EngineRow> rows) {
    Table table =
        new Table(
            "size",
            "precision",
            ">step ms",
            ">forward",
            ">backward",
            ">optimizer",
            ">data",
            ">checkpoint",
            ">data share",
            ">one in %d steps".formatted(EngineRow.INTERVAL),
            ">below 5 % from");
    for (EngineRow row : rows) {
      table.add(
          row.size().name(),
          row.precision(),
          milliseconds(row.stepMilliseconds()),
          milliseconds(row.report().parts().forwardMilliseconds()),
          milliseconds(row.backwardMilliseconds()),
          milliseconds(row.report().parts().optimizerMilliseconds()),
          milliseconds(row.report().parts().dataMilliseconds()),
          milliseconds(row.report().checkpoints().heldUpMilliseconds()),
          percent(row.dataShare(), 2),
          percent(row.checkpointShare(), 2),
          row.report().checkpoints().leastInterval(0.05) + " steps");
    }
    return table;
  }

  private static Table generation(List<EngineRow> rows) {
    Table table =
        new Table("size", "precision", ">answers at once", ">generated tokens/s", ">times one");
    for (EngineRow row : rows) {
      double one = row.report().generation().getFirst().tokensPerSecond();
      for (Generation each : row.report().generation()) {
        table.add(
            row.size().name(),
            row.precision(),
            each.batch(),
            Math.round(each.tokensPerSecond()),
            decimals(each.tokensPerSecond() / one, 1));
      }
    }
    return table;
  }

  /** A line for each size, a column for each of PyTorch's. */
  private static Table pytorch(List<PytorchRow> rows) {
    List<String> headers = new ArrayList<>(List.of("PyTorch, tokens/s"));
    Pytorch.COLUMNS.forEach(column -> headers.add(">" + column));
    Table table = new Table(headers.toArray(String[]::new));
    Map<String, List<Object>> lines = new LinkedHashMap<>();
    for (PytorchRow row : rows) {
      lines
          .computeIfAbsent(row.size(), size -> new ArrayList<>(List.of(size)))
          .add(row.rate().measured() ? Math.round(row.rate().tokensPerSecond()) : "failed");
    }
    lines.values().forEach(line -> table.add(line.toArray()));
    return table;
  }

  private static List<String> failures(List<PytorchRow> rows) {
    return rows.stream()
        .filter(row -> !row.rate().measured())
        .map(row -> "%s, %s: %s".formatted(row.size(), row.column(), row.rate().failure()))
        .toList();
  }

  private static Table bars(List<Bar> bars) {
    Table table = new Table("measure", "bar", "seen", "ok");
    bars.forEach(bar -> table.add(bar.measure(), bar.bar(), bar.seen(), bar.ok().word()));
    return table;
  }

  private static String milliseconds(double value) {
    return decimals(value, value < 10 ? 2 : 1);
  }
}
