package dev.modelflow.engine.dense;

import dev.modelflow.engine.kernel.Matrix;
import dev.modelflow.engine.kernel.MatrixMultiplier;
import dev.modelflow.engine.kernel.MatrixMultiplier.Factor;
import dev.modelflow.engine.kernel.Workspace;

/** By oneDNN; gradients never leave float32. */
record OneDnnProducts(MatrixMultiplier multiplier) implements LinearProducts {
  OneDnnProducts() {
    this(new MatrixMultiplier());
  }

  @Override
  public void forward(Matrix x, Matrix weight, Matrix y) {
    multiplier.set(Factor.of(x), Factor.turned(weight), y);
  }

  @Override
  public void backward(Matrix slopes, Matrix weight, Matrix onInput) {
    multiplier.set(Factor.of(slopes), Factor.of(weight), onInput);
  }

  @Override
  public void learn(Matrix slopes, Matrix x, Matrix gradient, boolean fresh, Workspace space) {
    if (fresh) {
      multiplier.set(Factor.turned(slopes), Factor.of(x), gradient);
    } else {
      multiplier.add(Factor.turned(slopes), Factor.of(x), gradient);
    }
  }

  @Override
  public void close() {
    multiplier.close();
  }
}
