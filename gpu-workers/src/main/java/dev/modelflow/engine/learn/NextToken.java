package dev.modelflow.engine.learn;

import dev.modelflow.engine.data.PackedRows;
import java.util.ArrayList;
import java.util.List;

/** Cross entropy, the mean over all targets of a step, and its parts for lanes. */
public final class NextToken {
  private NextToken() {}

  /**
   * How many tokens, in whole rows, make a micro-batch, so that lanes have about as much to do.
   *
   * @param most tokens of a micro-batch, unless a row alone has more
   * @param lanes of all ranks
   */
  public static int tokensEach(PackedRows rows, int most, int lanes) {
    int rowsAtMost = PackedRows.within(most, rows.length());
    return rows.length() * MicroBatch.size(rowsAtMost, rows.rows(), lanes);
  }

  /**
   * Micro-batches of at most {@code tokens} tokens whose gradients add up to that of the step's
   * mean cross entropy plus {@code zLoss} times the mean squared log-denominator, and, of a model
   * with experts, its routers' losses by the weights that it gives them.
   *
   * @param loss receives the step's losses
   */
  public static List<MicroBatch> split(PackedRows rows, int tokens, double zLoss, StepLoss loss) {
    return split(rows, rows.targetCount(), tokens, zLoss, loss);
  }

  /**
   * The same, with means over {@code targets}: those of the rows and of others that are left out or
   * learnt elsewhere.
   */
  public static List<MicroBatch> split(
      PackedRows rows, int targets, int tokens, double zLoss, StepLoss loss) {
    int divisor = Math.max(1, targets);
    double tokenWeight = 1.0 / Math.max(1, RouterLosses.tokens(rows));
    List<MicroBatch> batches = new ArrayList<>();
    for (PackedRows part : rows.parts(tokens)) {
      batches.add(new MicroBatch(part, loss.part(divisor), zLoss / divisor, 1, tokenWeight));
    }
    return batches;
  }
}
