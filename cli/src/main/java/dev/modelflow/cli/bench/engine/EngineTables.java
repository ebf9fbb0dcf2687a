package dev.modelflow.cli.bench.engine;

import static dev.modelflow.cli.bench.engine.Figures.decimals;
import static dev.modelflow.cli.bench.engine.Figures.percent;

import dev.modelflow.bench.Checkpoints;
import dev.modelflow.bench.Gemm;
import dev.modelflow.bench.Generation;
import dev.modelflow.cli.view.Numbers;
import dev.modelflow.cli.view.Table;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** A report as lines for a person. */
public final class EngineTables {
  private static final List<String> FORMULAS =
      List.of(
          "Forward is the first part of the pass that trains, up to the loss and its slopes at the logits,",
          "optimizer the norm and AdamW, data reading and packing rows, each measured alone; backward is what",
          "remains of a step. Data is of documents of a row each, mixed data of short ones of six sources; the",
          "share is that of the slower. A checkpoint's wait is what training waits for it: while it is handed",
          "over to be written, for the one before, and until its weights may change; on average and at most.",
          "What it adds to its stage is by a stage with one every few steps and one without (noise may make it",
          "less than nothing); then its share of the stage's time with one in so many steps, and from how many",
          "steps between them it is below 5 %. Memory is all that a trainer's process holds.",
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
    add(lines, checkpoints(report.engine()));
    add(lines, generation(report.engine()));
    add(lines, starts(report.starts()));
    if (!report.memory().isEmpty()) {
      add(lines, memory(report.memory()));
    }
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
            ">mixed data",
            ">data share");
    for (EngineRow row : rows) {
      table.add(
          row.size().name(),
          row.precision(),
          milliseconds(row.stepMilliseconds()),
          milliseconds(row.report().parts().forwardMilliseconds()),
          milliseconds(row.backwardMilliseconds()),
          milliseconds(row.report().parts().optimizerMilliseconds()),
          milliseconds(row.report().parts().dataMilliseconds()),
          milliseconds(row.report().parts().mixedDataMilliseconds()),
          percent(row.dataShare(), 2));
    }
    return table;
  }

  private static Table checkpoints(List<EngineRow> rows) {
    Table table =
        new Table(
            "checkpoints",
            "precision",
            ">wait ms",
            ">longest",
            ">of a step",
            ">adds ms",
            ">one in %d steps".formatted(EngineRow.INTERVAL),
            ">below 5 % from");
    for (EngineRow row : rows) {
      Checkpoints measured = row.report().checkpoints();
      table.add(
          row.size().name(),
          row.precision(),
          milliseconds(measured.waitMilliseconds()),
          milliseconds(measured.longestWaitMilliseconds()),
          percent(row.checkpointWaitShare(), 2),
          milliseconds(measured.addedMilliseconds()),
          percent(row.checkpointShare(), 2),
          measured.leastInterval(0.05) + " steps");
    }
    return table;
  }

  private static Table starts(List<Start> starts) {
    Table table = new Table("start of a trainer", ">median s", ">longest");
    addSeconds(table, "until it says started", starts, Start::startedSeconds);
    addSeconds(table, "until its first step is made", starts, Start::firstStepSeconds);
    return table;
  }

  private static void addSeconds(
      Table table, String until, List<Start> starts, Function<Start, Double> seconds) {
    List<Double> all = starts.stream().map(seconds).toList();
    table.add(until, decimals(Figures.median(all), 2), decimals(Collections.max(all), 2));
  }

  private static Table memory(List<MemoryRow> rows) {
    Table table = new Table("memory of a trainer", ">steps", ">MB", ">steps", ">MB", ">more");
    for (MemoryRow row : rows) {
      table.add(
          row.precision(),
          row.every(),
          decimals(row.megabytes().getFirst(), 1),
          row.steps(),
          decimals(row.megabytes().getLast(), 1),
          decimals(row.growthMegabytes(), 1));
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
