package dev.modelflow.calibrate;

import dev.modelflow.engine.data.PackedRows;
import dev.modelflow.engine.data.Sequence;
import dev.modelflow.engine.learn.Learner;
import dev.modelflow.engine.learn.NextToken;
import dev.modelflow.engine.learn.StepLoss;
import dev.modelflow.engine.model.Decoder;
import dev.modelflow.engine.model.Initialization;
import dev.modelflow.engine.model.ModelConfig;
import dev.modelflow.engine.model.ParameterLayout;
import dev.modelflow.engine.model.Parameters;
import dev.modelflow.engine.optim.AdamW;
import dev.modelflow.engine.random.CounterRandom;
import dev.modelflow.engine.tensor.Lanes;
import dev.modelflow.engine.tensor.Precision;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;

/** A model in training of which whole steps are timed. */
final class StepModel implements AutoCloseable {
  private static final int VOCABULARY = 2048;
  private static final int LENGTH = 128;
  private static final double SLOW = 1e-4;

  /**
   * Of a lane at once, as two lanes have of the tiny flow; fewer where products take long anyway.
   */
  private static final int SMALL_TOKENS = 512;

  private static final int WIDE_TOKENS = 256;

  private final Decoder decoder;
  private final Parameters weights;
  private final AdamW optimizer;
  private final Learner learner;
  private final int microBatch;
  private final PackedRows rows;

  private StepModel(ModelConfig config, Precision precision, int microBatch, Lanes lanes) {
    this.microBatch = microBatch;
    decoder = new Decoder(config, LENGTH, precision);
    weights =
        Parameters.initialized(new ParameterLayout(config), new Initialization(0.5, 0.06, 0.3), 1);
    optimizer = new AdamW(new AdamW.Settings(0.9, 0.95, 1e-8, 0.1), weights);
    learner = new Learner(decoder, weights, optimizer, lanes, 1);
    rows = rows(lanes.count() * microBatch / LENGTH);
  }

  /** The tiny flow's shape: its products are small, and much else counts beside them. */
  static StepModel small(Lanes lanes, Precision precision) {
    return new StepModel(
        new ModelConfig(4, 128, 4, 352, VOCABULARY, LENGTH, 8, 10_000, null),
        precision,
        SMALL_TOKENS,
        lanes);
  }

  /** Of a width at which products take most of the time. */
  static StepModel wide(Lanes lanes) {
    return new StepModel(
        new ModelConfig(1, 512, 8, 1408, VOCABULARY, LENGTH, 0, 10_000, null),
        Precision.FLOAT32,
        WIDE_TOKENS,
        lanes);
  }

  /** Makes one step, in which each lane has a micro-batch; tokens a second. */
  double step() {
    long start = System.nanoTime();
    try (PointerScope _ = new PointerScope()) {
      learner.step(NextToken.split(rows, microBatch, 1e-5, new StepLoss()), SLOW);
    }
    return rows.tokens().length * 1e9 / (System.nanoTime() - start);
  }

  private static PackedRows rows(int count) {
    List<List<Sequence>> all = new ArrayList<>();
    for (int row = 0; row < count; row++) {
      CounterRandom random = CounterRandom.of(row, "calibrate");
      int[] tokens = new int[LENGTH];
      int[] targets = new int[LENGTH];
      for (int i = 0; i < LENGTH; i++) {
        tokens[i] = 4 + random.below(VOCABULARY - 4, i);
        targets[i] = 4 + random.below(VOCABULARY - 4, i + 1);
      }
      all.add(List.of(new Sequence(tokens, targets)));
    }
    return PackedRows.of(all, LENGTH);
  }

  @Override
  public void close() {
    learner.close();
    optimizer.close();
    weights.close();
    decoder.close();
  }
}
