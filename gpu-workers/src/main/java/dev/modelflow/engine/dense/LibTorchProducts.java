package dev.modelflow.engine.dense;

import dev.modelflow.engine.kernel.Matrix;
import dev.modelflow.engine.kernel.Rows;
import dev.modelflow.engine.kernel.Workspace;
import dev.modelflow.engine.tensor.Precision;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** By libtorch and whichever library it has for float32. */
record LibTorchProducts() implements LinearProducts {
  @Override
  public void forward(Matrix x, Matrix weight, Matrix y) {
    try (PointerScope _ = new PointerScope()) {
      torch.mm_out(y.tensor(), x.tensor(), weight.tensor().t());
    }
  }

  @Override
  public void backward(Matrix slopes, Matrix weight, Matrix onInput) {
    try (PointerScope _ = new PointerScope()) {
      torch.mm_out(onInput.tensor(), slopes.tensor(), weight.tensor());
    }
  }

  @Override
  public void learn(Matrix slopes, Matrix x, Matrix gradient, boolean fresh, Workspace space) {
    try (PointerScope _ = new PointerScope()) {
      if (x.precision() == Precision.FLOAT32) {
        learnFloats(slopes.tensor().t(), x.tensor(), gradient.tensor(), fresh);
      } else {
        Matrix own = space.take(gradient.rows(), gradient.columns(), x.precision());
        torch.mm_out(own.tensor(), slopes.tensor().t(), x.tensor());
        learnHalves(own, gradient, fresh);
      }
    }
  }

  private static void learnFloats(Tensor slopes, Tensor x, Tensor gradient, boolean fresh) {
    if (fresh) {
      torch.mm_out(gradient, slopes, x);
    } else {
      gradient.addmm_(slopes, x);
    }
  }

  private static void learnHalves(Matrix own, Matrix gradient, boolean fresh) {
    if (fresh) {
      Rows.copy(own, gradient);
    } else {
      Rows.add(own, gradient);
    }
  }

  @Override
  public void close() {
    // Nothing is kept.
  }
}
