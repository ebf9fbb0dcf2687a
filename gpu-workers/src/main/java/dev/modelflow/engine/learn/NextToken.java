package dev.modelflow.engine.learn;

import dev.modelflow.engine.data.PackedRows;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.DoubleAdder;

/** Cross entropy, the mean over all targets of a step, and its parts for lanes. */
public final class NextToken {
  private NextToken() {}

  /**
   * Micro-batches of at most {@code tokens} tokens whose gradients add up to that of the step's
   * mean cross entropy plus {@code zLoss} times the mean squared log-denominator, and, of a model
   * with experts, its routers' losses by the weights that it gives them.
   *
   * @param loss receives the step's mean cross entropy, in nats
   */
  public static List<MicroBatch> split(
      PackedRows rows, int tokens, double zLoss, DoubleAdder loss) {
    int targets = Math.max(1, rows.targetCount());
    double tokenWeight = 1.0 / Math.max(1, RouterLosses.tokens(rows));
    int rowsEach = Math.max(1, tokens / rows.length());
    List<MicroBatch> batches = new ArrayList<>();
    for (int from = 0; from < rows.rows(); from += rowsEach) {
      PackedRows part = rows.slice(from, Math.min(rows.rows(), from + rowsEach));
      batches.add(new MicroBatch(part, meanOver(targets, loss), zLoss / targets, 1, tokenWeight));
    }
    return batches;
  }

  private static Objective meanOver(int targets, DoubleAdder loss) {
    return (logProbs, gradient) -> {
      double sum = 0;
      for (int i = 0; i < logProbs.length; i++) {
        sum -= logProbs[i];
        gradient[i] = -1f / targets;
      }
      loss.add(sum / targets);
    };
  }
}
