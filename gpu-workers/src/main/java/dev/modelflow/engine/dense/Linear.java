package dev.modelflow.engine.dense;

import dev.modelflow.engine.kernel.Matrix;
import dev.modelflow.engine.kernel.Workspace;
import dev.modelflow.engine.model.Parameters;
import dev.modelflow.engine.tensor.Precision;

/**
 * A linear layer, {@code y = x W^T}.
 *
 * @param products by which it multiplies
 * @param weight [outputs, inputs]
 * @param gradient of the weight, in float32
 * @param fresh whether the gradient is yet to be set, whatever it holds
 */
record Linear(LinearProducts products, Matrix weight, Matrix gradient, boolean fresh) {
  /** The layer whose matrix starts with the weight of this name. */
  static Linear of(
      LinearProducts products,
      WorkingWeights weights,
      Parameters gradient,
      boolean fresh,
      String first,
      int outputs,
      int inputs) {
    Matrix sum =
        Matrix.of(gradient.view(first, outputs, inputs), outputs, inputs, Precision.FLOAT32);
    return new Linear(products, weights.view(first, outputs, inputs), sum, fresh);
  }

  Matrix forward(Matrix x, Workspace space) {
    Matrix y = space.take(x.rows(), weight.rows(), weight.precision());
    products.forward(x, weight, y);
    return y;
  }

  /** The slope at the layer's input. */
  Matrix backward(Matrix slopes, Workspace space) {
    Matrix onInput = space.take(slopes.rows(), weight.columns(), weight.precision());
    products.backward(slopes, weight, onInput);
    return onInput;
  }

  /** Adds what one pass says of the weight, or sets the gradient to it. */
  void learn(Matrix slopes, Matrix x, Workspace space) {
    products.learn(slopes, x, gradient, fresh, space);
  }
}
