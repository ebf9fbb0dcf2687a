package dev.modelflow.engine.learn;

import dev.modelflow.engine.data.PackedRows;
import java.util.function.DoubleSupplier;
import java.util.function.IntPredicate;

/**
 * Rows that go through the model at once.
 *
 * @param rows what the model reads and should predict
 * @param objective the loss over these rows' targets
 * @param zWeight weight of the squared log of the softmax's denominator of each target (z-loss); 0:
 *     none
 * @param temperature that logits are divided by before the softmax
 * @param tokenWeight weight of each token's losses of the routers, where the model has experts: one
 *     over the step's tokens; 0: none
 */
public record MicroBatch(
    PackedRows rows, Objective objective, double zWeight, double temperature, double tokenWeight) {
  /** Rows under an objective alone, without losses of the routers. */
  public MicroBatch(PackedRows rows, Objective objective, double zWeight, double temperature) {
    this(rows, objective, zWeight, temperature, 0);
  }

  /** Rows under an objective alone, at temperature 1, without losses of the routers. */
  public MicroBatch(PackedRows rows, Objective objective) {
    this(rows, objective, 0, 1);
  }

  /**
   * How many of a step's pieces make a micro-batch that lanes take by turns: the fewest at which no
   * lane has more turns than with {@code most}.
   *
   * @param most pieces of a micro-batch, at least 1
   * @param count of the step's pieces
   * @param lanes of all ranks
   */
  public static int size(int most, int count, int lanes) {
    long turns = Math.max(1, Math.ceilDiv((long) count, (long) lanes * most));
    return (int) Math.max(1, Math.ceilDiv(count, lanes * turns));
  }

  /**
   * The same, or as many fewer as it takes until they fit.
   *
   * @param fits whether micro-batches of so many pieces go through the model at once; a single
   *     piece must
   */
  public static int size(int most, int count, int lanes, IntPredicate fits) {
    int size = size(most, count, lanes);
    while (size > 1 && !fits.test(size)) {
      size = size(size - 1, count, lanes);
    }
    return size;
  }

  /**
   * What the loss says of its targets: d loss / d logProb of each. Tells the objective of its
   * z-loss, too.
   *
   * @param squaredLogDenominators their sum over the targets; asked for where z-loss counts
   */
  float[] slopes(float[] logProbs, DoubleSupplier squaredLogDenominators) {
    float[] slopes = new float[logProbs.length];
    objective.gradient(logProbs, slopes);
    if (zWeight != 0) {
      objective.zLoss(zWeight * squaredLogDenominators.getAsDouble());
    }
    return slopes;
  }
}
