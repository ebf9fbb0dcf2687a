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
  private static final double GENERATION_RATIO = 10;

  private final List<EngineRow> engine;
  private final List<Double> startSeconds;

  /**
   * Bars over these lines.
   *
   * @param startSeconds of some trainers, at least one
   */
  Bars(List<EngineRow> engine, List<Double> startSeconds) {
    this.engine = engine;
    this.startSeconds = startSeconds;
  }

  List<Bar> all() {
    return List.of(
        againstPytorch(BenchSize.SMALL, SMALL_TIMES),
        againstPytorch(BenchSize.LARGE, LARGE_TIMES),
        ofPeak(),
        data(),
        start(),
        checkpoints(),
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
    double median = Rate.of(startSeconds).tokensPerSecond();
    return Bar.measured(
        "start of a trainer",
        "< 3 s",
        "%s s (median of %d, at most %s)"
            .formatted(
                decimals(median, 2),
                startSeconds.size(),
                decimals(Collections.max(startSeconds), 2)),
        median < START_SECONDS);
  }

  private Bar checkpoints() {
    EngineRow worst = worst(Comparator.comparingDouble(EngineRow::checkpointShare));
    return Bar.measured(
        "steps held up by checkpoints",
        "< 5 %% with one every %d steps".formatted(EngineRow.INTERVAL),
        percent(worst.checkpointShare(), 2) + " at most, " + name(worst),
        worst.checkpointShare() < CHECKPOINT_SHARE);
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
