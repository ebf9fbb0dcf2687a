package dev.modelflow.engine.dense;

import dev.modelflow.engine.kernel.Matrix;
import dev.modelflow.engine.model.Parameters;
import dev.modelflow.engine.tensor.Precision;

/**
 * The weights of a norm and their gradient, a row of float32 each.
 *
 * @param values of the weights
 * @param gradient to which slopes are added
 */
record NormWeight(Matrix values, Matrix gradient) {
  /** The weights of which the first has this name. */
  static NormWeight of(Parameters weights, Parameters gradient, String first, int width) {
    return new NormWeight(row(weights, first, width), row(gradient, first, width));
  }

  private static Matrix row(Parameters parameters, String first, int width) {
    return Matrix.of(parameters.view(first, width), 1, width, Precision.FLOAT32);
  }
}
