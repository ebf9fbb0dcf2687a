package dev.modelflow.engine.learn;

import dev.modelflow.engine.data.PackedRows;

/**
 * Rows that go through the model at once.
 *
 * @param rows what the model reads and should predict
 * @param objective the loss over these rows' targets
 * @param zWeight weight of the squared log of the softmax's denominator of each target (z-loss); 0:
 *     none
 * @param temperature that logits are divided by before the softmax
 */
public record MicroBatch(PackedRows rows, Objective objective, double zWeight, double temperature) {
  /** Rows under an objective alone, at temperature 1. */
  public MicroBatch(PackedRows rows, Objective objective) {
    this(rows, objective, 0, 1);
  }
}
