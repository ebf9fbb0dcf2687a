package dev.modelflow.engine.dense;

import dev.modelflow.engine.kernel.Matrix;
import dev.modelflow.engine.kernel.MatrixMultiplier;
import dev.modelflow.engine.kernel.Workspace;
import dev.modelflow.engine.tensor.LibTorch;
import dev.modelflow.engine.tensor.Precision;
import java.util.function.BooleanSupplier;

/** The three products of a linear layer {@code y = x W^T}. One thread at a time; close it. */
sealed interface LinearProducts extends AutoCloseable permits LibTorchProducts, OneDnnProducts {
  /** Those for weights in this precision on this processor, in this environment. */
  static LinearProducts of(Precision precision) {
    return of(precision, LibTorch.prefersOneDnn(), MatrixMultiplier::knowsBf16);
  }

  /**
   * The same.
   *
   * @param prefersOneDnn what the environment says of float32
   * @param knowsBf16 is asked where it matters, for the answer takes oneDNN to load
   */
  static LinearProducts of(Precision precision, boolean prefersOneDnn, BooleanSupplier knowsBf16) {
    boolean oneDnn =
        switch (precision) {
          case FLOAT32 -> prefersOneDnn;
          case BF16 -> knowsBf16.getAsBoolean();
        };
    return oneDnn ? new OneDnnProducts() : new LibTorchProducts();
  }

  /** Sets {@code y} to {@code x W^T}. */
  void forward(Matrix x, Matrix weight, Matrix y);

  /** Sets {@code onInput} to the slope at the layer's input. */
  void backward(Matrix slopes, Matrix weight, Matrix onInput);

  /**
   * Adds what one pass says of the weight, or sets the gradient to it.
   *
   * @param gradient in float32, in which passes are added up
   * @param fresh whether the gradient is yet to be set, whatever it holds
   * @param space for what is in the way of that
   */
  void learn(Matrix slopes, Matrix x, Matrix gradient, boolean fresh, Workspace space);

  @Override
  void close();
}
