package dev.modelflow.engine.dense;

import dev.modelflow.engine.kernel.Matrix;
import dev.modelflow.engine.kernel.Rows;
import dev.modelflow.engine.kernel.Workspace;
import dev.modelflow.engine.model.Parameters;
import dev.modelflow.engine.tensor.Precision;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * A linear layer, {@code y = x W^T}.
 *
 * @param weight [outputs, inputs]
 * @param gradient of the weight, in float32
 * @param fresh whether the gradient is yet to be set, whatever it holds
 */
record Linear(Matrix weight, Matrix gradient, boolean fresh) {
  /** The layer whose matrix starts with the weight of this name. */
  static Linear of(
      WorkingWeights weights,
      Parameters gradient,
      boolean fresh,
      String first,
      int outputs,
      int inputs) {
    Matrix sum =
        Matrix.of(gradient.view(first, outputs, inputs), outputs, inputs, Precision.FLOAT32);
    return new Linear(weights.view(first, outputs, inputs), sum, fresh);
  }

  Matrix forward(Matrix x, Workspace space) {
    Matrix y = space.take(x.rows(), weight.rows(), weight.precision());
    torch.mm_out(y.tensor(), x.tensor(), weight.tensor().t());
    return y;
  }

  /** The slope at the layer's input. */
  Matrix backward(Matrix slopes, Workspace space) {
    Matrix onInput = space.take(slopes.rows(), weight.columns(), weight.precision());
    torch.mm_out(onInput.tensor(), slopes.tensor(), weight.tensor());
    return onInput;
  }

  /**
   * Adds what one pass says of the weight, or sets the gradient to it. Sums over passes are made in
   * float32.
   */
  void learn(Matrix slopes, Matrix x, Workspace space) {
    try (PointerScope _ = new PointerScope()) {
      if (weight.precision() == Precision.FLOAT32) {
        learnFloats(slopes.tensor().t(), x.tensor());
      } else {
        Matrix own = space.take(weight.rows(), weight.columns(), weight.precision());
        torch.mm_out(own.tensor(), slopes.tensor().t(), x.tensor());
        learnHalves(own);
      }
    }
  }

  private void learnFloats(Tensor slopes, Tensor x) {
    if (fresh) {
      torch.mm_out(gradient.tensor(), slopes, x);
    } else {
      gradient.tensor().addmm_(slopes, x);
    }
  }

  private void learnHalves(Matrix own) {
    if (fresh) {
      Rows.copy(own, gradient);
    } else {
      Rows.add(own, gradient);
    }
  }
}
