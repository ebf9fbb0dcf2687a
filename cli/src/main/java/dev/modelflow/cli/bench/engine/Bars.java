package dev.modelflow.cli.bench.engine;

import static dev.modelflow.cli.bench.engine.Figures.decimals;
import static dev.modelflow.cli.bench.engine.Figures.percent;

import dev.modelflow.bench.BenchSize;
import dev.modelflow.engine.tensor.Precision;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Holds what was seen against what the engine should do. */
final class Bars {
  private static final String BF16 = Precision.BF16.word();
  private static final double SMALL_TIMES = 1.3;
  private static final double LARGE_TIMES = 1.15;
  private static final double PEAK_SHARE = 0.65;
  private static final double DATA_SHARE = 0.01;
  private static final double START_SECONDS = 3;
  private static final double CHECKPOINT_SHARE = 0.05;

  /**
   * Less than a row's activations of a layer in float32 for each step; more than the JVM's own
   * take.
   */
  private static final double MEMORY_MEGABYTES = 32;

  private static final double GENERATION_RATIO = 10;

  private final List<EngineRow> engine;
  private final List<Start> starts;
  private final List<MemoryRow> memory;

  /**
   * Bars over these lines.
   *
   * @param starts of some trainers, at least one
   * @param memory none where it was not followed
   */
  Bars(List<EngineRow> engine, List<Start> starts, List<MemoryRow> memory) {
    this.engine = engine;
    this.starts = starts;
    this.memory = memory;
  }

  List<Bar> all() {
    return List.of(
        againstPytorch(BenchSize.SMALL, SMALL_TIMES),
        againstPytorch(BenchSize.LARGE, LARGE_TIMES),
        ofPeak(),
        data(),
        start(),
        checkpointWait(),
        checkpoints(),
        memory(),
        generation());
  }

  private Bar againstPytorch(String size, double times) {
    String measure = "training, " + size;
    String bar = ">= %s times PyTorch's best column".formatted(times);
    return engine.stream()
        .filter(row -> row.size().name().equals(size) && row.timesPytorch() != null)
        .max(Comparator.comparingDouble(Bars::timesPytorch))
        .map(
            best ->
                Bar.measured(
                    measure,
                    bar,
                    decimals(timesPytorch(best), 2) + " times, in " + best.precision(),
                    timesPytorch(best) >= times))
        .orElseGet(() -> Bar.unmeasured(measure, bar, "needs this size and PyTorch"));
  }

  private static double timesPytorch(EngineRow row) {
    Double times = row.timesPytorch();
    return times == null ? 0 : times;
  }

  private Bar ofPeak() {
    String measure = "training, large, bf16";
    String bar = ">= 65 % of the matrix products' peak";
    return engine.stream()
        .filter(row -> row.size().name().equals(BenchSize.LARGE))
        .filter(row -> row.precision().equals(BF16))
        .findFirst()
        .map(
            row ->
                Bar.measured(
                    measure, bar, percent(row.peakShare(), 1), row.peakShare() >= PEAK_SHARE))
        .orElseGet(() -> Bar.unmeasured(measure, bar, "needs this size and precision"));
  }

  private Bar data() {
    EngineRow worst = worst(Comparator.comparingDouble(EngineRow::dataShare));
    return Bar.measured(
        "data",
        "< 1 % of a step",
        percent(worst.dataShare(), 2) + " at most, " + name(worst),
        worst.dataShare() < DATA_SHARE);
  }

  private Bar start() {
    List<Double> seconds = starts.stream().map(Start::startedSeconds).toList();
    double median = Figures.median(seconds);
    return Bar.measured(
        "start of a trainer",
        "< 3 s",
        "%s s (median of %d, at most %s)"
            .formatted(decimals(median, 2), seconds.size(), decimals(Collections.max(seconds), 2)),
        median < START_SECONDS);
  }

  /** A writer that trains on only when all is written is far above it. */
  private Bar checkpointWait() {
    EngineRow worst = worst(Comparator.comparingDouble(EngineRow::checkpointWaitShare));
    return Bar.measured(
        "a step held up by its checkpoint",
        "< 5 % of a step",
        percent(worst.checkpointWaitShare(), 2) + " at most, " + name(worst),
        worst.checkpointWaitShare() < CHECKPOINT_SHARE);
  }

  private Bar checkpoints() {
    EngineRow worst = worst(Comparator.comparingDouble(EngineRow::checkpointShare));
    return Bar.measured(
        "all that checkpoints cost",
        "< 5 %% with one every %d steps".formatted(EngineRow.INTERVAL),
        percent(worst.checkpointShare(), 2) + " at most, " + name(worst),
        worst.checkpointShare() < CHECKPOINT_SHARE);
  }

  private Bar memory() {
    String measure = "memory over %d steps".formatted(EngineOptions.MEMORY_STEPS);
    String bar = "< %.0f MB more than after a tenth of them".formatted(MEMORY_MEGABYTES);
    return memory.stream()
        .max(Comparator.comparingDouble(MemoryRow::growthMegabytes))
        .map(
            worst ->
                Bar.measured(
                    measure,
                    bar,
                    decimals(worst.growthMegabytes(), 1) + " MB at most, in " + worst.precision(),
                    worst.growthMegabytes() < MEMORY_MEGABYTES))
        .orElseGet(() -> Bar.unmeasured(measure, bar, "left out, or no /proc to read it from"));
  }

  private Bar generation() {
    EngineRow worst = worst(Comparator.comparingDouble(row -> -row.generationRatio()));
    return Bar.measured(
        "generation, 64 answers at once",
        ">= 10 times one at a time",
        decimals(worst.generationRatio(), 1) + " times at least, " + name(worst),
        worst.generationRatio() >= GENERATION_RATIO);
  }

  private EngineRow worst(Comparator<EngineRow> order) {
    Optional<EngineRow> worst = engine.stream().max(order);
    return worst.orElseThrow(() -> new IllegalStateException("Nothing was measured"));
  }

  private static String name(EngineRow row) {
    return row.size().name() + " in " + row.precision();
  }
}
