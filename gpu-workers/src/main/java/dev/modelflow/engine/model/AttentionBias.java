package dev.modelflow.engine.model;

import dev.modelflow.engine.tensor.Device;
import dev.modelflow.engine.tensor.LibTorch;
import dev.modelflow.engine.tensor.Tensors;
import java.util.Arrays;
import java.util.stream.LongStream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/** What each position of packed rows may see, as numbers added to attention's scores. */
final class AttentionBias {
  private AttentionBias() {}

  /**
   * Position i of a document sees its own document's i-w+1..i, or all of 0..i where {@code window}
   * is 0. Documents lie back to back, so a token's position within its document says where that
   * document starts.
   *
   * @param positions of each token in its document, row by row
   * @return [rows, 1, length, length] of 0 and minus infinity
   */
  static Tensor of(int[] positions, int rows, int length, int window) {
    return LibTorch.device() == Device.CPU
        ? Tensors.floats(values(positions, length, window), rows, 1, length, length)
        : computed(reaches(positions, window), rows, length, length);
  }

  /**
   * The same for a window, where each block of {@code window} queries reads the keys of its own
   * block and of the one before: [rows * length / window, 1, window, 2 * window].
   */
  static Tensor ofBlocks(int[] positions, int window) {
    int blocks = positions.length / window;
    return LibTorch.device() == Device.CPU
        ? Tensors.floats(blockValues(positions, window), blocks, 1, window, 2L * window)
        : computed(reaches(positions, window), blocks, window, 2 * window);
  }

  /**
   * The same values, computed where the tensors lie: a GPU would wait long for the copy.
   *
   * @param reaches how far each query sees back
   * @param keys of each row; its last query stands at the last one
   */
  static Tensor computed(long[] reaches, int rows, int queries, int keys) {
    Tensor query = Tensors.longs(LongStream.range(keys - queries, keys).toArray(), queries, 1);
    Tensor key = Tensors.longs(LongStream.range(0, keys).toArray(), keys);
    Tensor distance = query.sub(key);
    Tensor reach = Tensors.longs(reaches, rows, 1, queries, 1);
    Tensor hidden = distance.lt(new Scalar(0)).logical_or(distance.gt(reach));
    return Tensors.zeros(rows, 1, queries, keys)
        .masked_fill_(hidden, new Scalar(Double.NEGATIVE_INFINITY));
  }

  static long[] reaches(int[] positions, int window) {
    return Arrays.stream(positions)
        .mapToLong(position -> window == 0 ? position : Math.min(position, window - 1))
        .toArray();
  }

  /** One query a row, which sees the row's first places: [rows, 1, 1, width]. */
  static Tensor ofFirst(int[] seen, int width) {
    float[] bias = new float[seen.length * width];
    for (int row = 0; row < seen.length; row++) {
      Arrays.fill(bias, row * width + seen[row], (row + 1) * width, Float.NEGATIVE_INFINITY);
    }
    return Tensors.floats(bias, seen.length, 1, 1, width);
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
