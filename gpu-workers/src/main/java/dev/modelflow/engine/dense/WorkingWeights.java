package dev.modelflow.engine.dense;

import dev.modelflow.engine.kernel.Matrix;
import dev.modelflow.engine.model.Parameters;
import dev.modelflow.engine.tensor.Precision;
import dev.modelflow.engine.tensor.Range;
import dev.modelflow.engine.tensor.Tensors;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * A model's weights as linear layers multiply with them: the float32 weights themselves, or a copy
 * of them in another precision. Close it to free the copy.
 */
public final class WorkingWeights implements AutoCloseable {
  private final Parameters weights;
  private final Precision precision;
  private final @Nullable Tensor copy;

  /** For float32 these are the weights; another precision has yet to be {@link #refresh}ed. */
  public WorkingWeights(Parameters weights, Precision precision) {
    this.weights = weights;
    this.precision = precision;
    try (PointerScope _ = new PointerScope()) {
      copy =
          precision == Precision.FLOAT32
              ? null
              : Tensors.keep(Tensors.empty(precision.type(), weights.layout().size()));
    }
  }

  /** What linear layers multiply in. */
  public Precision precision() {
    return precision;
  }

  /** The weights that these are made of. */
  public Parameters weights() {
    return weights;
  }

  /** Makes a range of the copy anew after the weights there have changed. */
  public void refresh(Range part) {
    if (copy != null) {
      try (PointerScope _ = new PointerScope()) {
        copy.narrow(0, part.from(), part.size()).copy_(weights.view(part));
      }
    }
  }

  /** A view from where {@code first} starts, in the caller's scope. */
  Matrix view(String first, int rows, int columns) {
    Tensor flat = copy == null ? weights.flat() : copy;
    long offset = weights.layout().entry(first).offset();
    Tensor part = flat.narrow(0, offset, (long) rows * columns).view(rows, columns);
    return Matrix.of(part, rows, columns, precision);
  }

  @Override
  public void close() {
    if (copy != null) {
      copy.close();
    }
  }
}
