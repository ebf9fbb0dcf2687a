package dev.modelflow.engine.dense;

import dev.modelflow.engine.kernel.Matrix;
import dev.modelflow.engine.kernel.MatrixMultiplier;
import dev.modelflow.engine.kernel.Part;
import dev.modelflow.engine.kernel.Workspace;

/** By oneDNN; gradients never leave float32. */
record OneDnnProducts(MatrixMultiplier multiplier) implements LinearProducts {
  OneDnnProducts() {
    this(new MatrixMultiplier());
  }

  @Override
  public void forward(Matrix x, Matrix weight, Matrix y) {
    multiplier.set(Part.of(x), Part.of(weight).turned(), Part.of(y));
  }

  @Override
  public void backward(Matrix slopes, Matrix weight, Matrix onInput) {
    multiplier.set(Part.of(slopes), Part.of(weight), Part.of(onInput));
  }

  @Override
  public void learn(Matrix slopes, Matrix x, Matrix gradient, boolean fresh, Workspace space) {
    if (fresh) {
      multiplier.set(Part.of(slopes).turned(), Part.of(x), Part.of(gradient));
    } else {
      multiplier.add(Part.of(slopes).turned(), Part.of(x), Part.of(gradient));
    }
  }

  @Override
  public void close() {
    multiplier.close();
  }
}
