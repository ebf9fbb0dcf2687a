package dev.modelflow.engine.tensor;

import java.io.IOException;

/** Reads tensors piece by piece. */
@FunctionalInterface
public interface PieceReader {
  /**
   * Puts the values of a tensor that lie in {@code piece}, in row-major order, at the beginning of
   * {@code into}.
   */
  void read(String tensor, Range piece, float[] into) throws IOException;
}
