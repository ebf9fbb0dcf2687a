package dev.modelflow.engine.model;

import dev.modelflow.engine.tensor.Tensors;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/** Cosines and sines of every position, in the half-rotation layout; close it to free them. */
final class RotaryTable implements AutoCloseable {
  /** The cosines and sines of some positions, each [tokens, 1, headSize]. */
  record Turn(Tensor cosine, Tensor sine) {}

  private final Tensor cosine;
  private final Tensor sine;

  RotaryTable(int positions, int headSize, double base, @Nullable Yarn yarn) {
    double[] frequencies = RotaryFrequencies.of(headSize, base, yarn);
    double scale = yarn == null ? 1 : yarn.attentionFactor();
    float[] cosines = new float[positions * headSize];
    float[] sines = new float[positions * headSize];
    for (int position = 0; position < positions; position++) {
      for (int i = 0; i < headSize; i++) {
        double angle = position * frequencies[i % frequencies.length];
        // The sine's sign for the first half spares a negation in every rotation.
        double sign = i < frequencies.length ? -1 : 1;
        cosines[position * headSize + i] = (float) (StrictMath.cos(angle) * scale);
        sines[position * headSize + i] = (float) (sign * StrictMath.sin(angle) * scale);
      }
    }
    try (PointerScope _ = new PointerScope()) {
      cosine = Tensors.keep(Tensors.floats(cosines, positions, 1, headSize));
      sine = Tensors.keep(Tensors.floats(sines, positions, 1, headSize));
    }
  }

  Tensor cosine() {
    return cosine;
  }

  Tensor sine() {
    return sine;
  }

  /** The table's rows at these positions, an int64 vector. */
  Turn at(Tensor positions) {
    return new Turn(cosine.index_select(0, positions), sine.index_select(0, positions));
  }

  @Override
  public void close() {
    cosine.close();
    sine.close();
  }
}
