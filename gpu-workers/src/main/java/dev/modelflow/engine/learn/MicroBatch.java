package dev.modelflow.engine.learn;

import dev.modelflow.engine.data.PackedRows;

/**
 * Rows that go through the model at once.
 *
 * @param rows what the model reads and should predict
 * @param objective the loss over these rows' targets
 * @param zWeight weight of the squared log of the softmax's denominator of each target (z-loss); 0:
 *     none
 */
public record MicroBatch(PackedRows rows, Objective objective, double zWeight) {}
