package dev.modelflow.cli;

import dev.modelflow.cli.bench.CalibrationReport;
import dev.modelflow.cli.bench.EngineCalibration;
import dev.modelflow.cli.view.Table;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "calibrate",
    description = {
      "Measures how trainers start fastest on this machine: which kernels and library multiply",
      "matrices, and what becomes of freed memory. Takes up to a minute and needs no stack;",
      "other work on the machine spoils the numbers. Workers start their trainers so from their next",
      "start on, and each attempt records it. Last digits of results depend on it."
    },
    footer = {"", "Example: modelflow calibrate"})
final class CalibrateCommand extends Base {
  private static final double BUSY = 0.5;

  @Option(names = "--threads", description = "Cores to use (default: as many as a trainer here).")
  private int threads = EngineCalibration.threads();

  @Option(names = "--json", description = "Print what was written, as JSON.")
  private boolean json;

  @Override
  public Integer call() throws InterruptedException {
    int cores = Runtime.getRuntime().availableProcessors();
    if (threads < 1 || threads > cores) {
      throw new UsageException(
          "--threads is %d: expected 1 to %d, the cores of this machine".formatted(threads, cores));
    }
    warnOfOthers(cores);
    Path file = EngineCalibration.file(System.getenv(), control().state());
    CalibrationReport report = EngineCalibration.calibrate(file, threads, this::tell);
    if (json) {
      sayJson(report.json());
    } else {
      show(report);
      say("");
      say("Written to " + file + "; workers that start from now on do so.");
    }
    return 0;
  }

  private void warnOfOthers(int cores) {
    double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    if (load > BUSY * cores) {
      tell(
          String.format(
              Locale.ROOT,
              "Other work keeps %.1f of %d cores busy, so these numbers will be poor",
              Math.min(load, cores),
              cores));
    }
  }

  private void show(CalibrationReport report) {
    say("%s; %d lanes of one thread".formatted(report.machine(), threads));
    say("");
    Table table =
        new Table(
            "way to start",
            "kernels in use",
            ">small model",
            ">wide model",
            ">small in bf16",
            ">GFLOP/s",
            "");
    for (CalibrationReport.Line line : report.lines()) {
      table.add(
          line.way(),
          line.core(),
          whole(line.small()),
          whole(line.wide()),
          whole(line.smallInBf16()),
          whole(line.gemm()),
          line.failure().orElse(""));
    }
    table.render().forEach(this::say);
    say("");
    say("Models: tokens a second in training. GFLOP/s: float32 products.");
    say("Chosen: " + report.chosen() + report.gain().map(CalibrateCommand::times).orElse(""));
    report.oneLane().ifPresent(this::showLane);
    report.bfloat16().ifPresent(this::showPrecision);
  }

  private static String times(double gain) {
    return gain == 1
        ? ", the usual way"
        : String.format(Locale.ROOT, ", %.2f times the usual way's speed", gain);
  }

  private void showLane(double ratio) {
    if (threads > 1) {
      say(
          String.format(
              Locale.ROOT,
              "One lane of %d threads: %.2f times that speed. Their number stays: results depend on it.",
              threads,
              ratio));
    }
  }

  private void showPrecision(double ratio) {
    say(
        String.format(
            Locale.ROOT,
            "bfloat16 products: %.2f times the speed of float32. Precision is the recipe's.",
            ratio));
  }

  private static String whole(Optional<Double> number) {
    return number.map(it -> String.format(Locale.ROOT, "%,.0f", it)).orElse("");
  }
}
