package dev.modelflow.cli.bench.engine;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.modelflow.bench.BenchSize;
import dev.modelflow.bench.Checkpoints;
import dev.modelflow.bench.EngineReport;
import dev.modelflow.bench.Gemm;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the engine did with one size at one precision.
 *
 * @param size of the model and of its step
 * @param precision of its linear layers
 * @param rate of training
 * @param peakShare operations a second by the formula over the best matrix product of this run
 * @param timesPytorch tokens a second over those of PyTorch's best column; null: none was measured
 * @param report what else was measured
 */
public record EngineRow(
    BenchSize size,
    String precision,
    Rate rate,
    double peakShare,
    @Nullable Double timesPytorch,
    EngineReport report) {
  /**
   * Steps between checkpoints at which all that they cost is held: those of the tiny flow's
   * long-context, the closest of its stages that train on rows of text. Its sft and rlvr have them
   * closer.
   */
  static final int INTERVAL = 200;

  /** How {@link #peakShare()} comes about, in lines for a person. */
  static final List<String> PEAK_SHARE =
      List.of(
          "(6 N + 12 q a L) operations a token, times tokens/s, over the best matrix product of",
          "this run (N weights without the embedding table, q the width of the queries, a the positions",
          "that a token of a layer sees on average, L layers).");

  static EngineRow of(
      BenchSize size, Measured.Engine engine, Gemm peak, @Nullable Rate bestOfPytorch) {
    double speed = engine.rate().tokensPerSecond();
    return new EngineRow(
        size,
        engine.precision(),
        engine.rate(),
        speed * engine.report().operationsPerToken() / 1e9 / peak.gflops(),
        bestOfPytorch == null ? null : speed / bestOfPytorch.tokensPerSecond(),
        engine.report());
  }

  /** A whole step by the clock. */
  @JsonProperty
  public double stepMilliseconds() {
    return 1000.0 * size.rows() * size.context() / rate.tokensPerSecond();
  }

  /**
   * What remains of a step beside the parts that were measured alone: the way back, adding up
   * lanes' gradients, and making working weights anew.
   */
  @JsonProperty
  public double backwardMilliseconds() {
    return stepMilliseconds()
        - report.parts().forwardMilliseconds()
        - report.parts().optimizerMilliseconds()
        - report.parts().dataMilliseconds();
  }

  /** Part of a step that goes into its data, of whichever documents take longer. */
  @JsonProperty
  public double dataShare() {
    double longest =
        Math.max(report.parts().dataMilliseconds(), report.parts().mixedDataMilliseconds());
    return longest / stepMilliseconds();
  }

  /** What training waits for a checkpoint over a whole step. */
  @JsonProperty
  public double checkpointWaitShare() {
    return report.checkpoints().waitMilliseconds() / stepMilliseconds();
  }

  /** Part of a stage's time that goes into checkpoints, with one every {@link #INTERVAL} steps. */
  @JsonProperty
  public double checkpointShare() {
    Checkpoints checkpoints = report.checkpoints();
    return checkpoints.share(INTERVAL);
  }

  /** Tokens a second of the largest batch over those of one answer at a time. */
  @JsonProperty
  public double generationRatio() {
    return report.generation().getLast().tokensPerSecond()
        / report.generation().getFirst().tokensPerSecond();
  }
}
