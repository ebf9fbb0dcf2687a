package dev.modelflow.engine.model;

import dev.modelflow.engine.tensor.Tensors;
import java.util.Arrays;
import org.bytedeco.pytorch.Tensor;

/** What each position of packed rows may see, as numbers added to attention's scores. */
public final class AttentionBias {
  private AttentionBias() {}

  /**
   * Position i of a document sees its own document's i-w+1..i, or all of 0..i where {@code window}
   * is 0. Documents lie back to back, so a token's position within its document says where that
   * document starts.
   *
   * @param positions of each token in its document, row by row
   * @return [rows, 1, length, length] of 0 and minus infinity
   */
  public static Tensor of(int[] positions, int rows, int length, int window) {
    return Tensors.floats(values(positions, length, window), rows, 1, length, length);
  }

  /**
   * The same for a window, where each block of {@code window} queries reads the keys of its own
   * block and of the one before: [rows * length / window, 1, window, 2 * window].
   */
  public static Tensor ofBlocks(int[] positions, int window) {
    return Tensors.floats(
        blockValues(positions, window), positions.length / window, 1, window, 2L * window);
  }

  static float[] blockValues(int[] positions, int window) {
    int width = 2 * window;
    float[] bias = new float[positions.length * width];
    Arrays.fill(bias, Float.NEGATIVE_INFINITY);
    for (int token = 0; token < positions.length; token++) {
      int reach = Math.min(positions[token], window - 1);
      int end = token * width + window + token % window + 1;
      Arrays.fill(bias, end - 1 - reach, end, 0);
    }
    return bias;
  }

  static float[] values(int[] positions, int length, int window) {
    float[] bias = new float[positions.length * length];
    Arrays.fill(bias, Float.NEGATIVE_INFINITY);
    for (int token = 0; token < positions.length; token++) {
      int column = token % length;
      int reach = window == 0 ? positions[token] : Math.min(positions[token], window - 1);
      int end = token * length + column + 1;
      Arrays.fill(bias, end - 1 - reach, end, 0);
    }
    return bias;
  }
}
