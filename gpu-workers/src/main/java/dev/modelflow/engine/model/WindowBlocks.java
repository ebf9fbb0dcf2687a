package dev.modelflow.engine.model;

import dev.modelflow.engine.tensor.Tensors;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * Long rows cut into blocks of a window's length, each of which reads itself and the block before:
 * that spares the scores beyond the window.
 */
final class WindowBlocks {
  private static final int LEAST_BLOCKS = 4;

  private WindowBlocks() {}

  /**
   * Whether rows of {@code length} tokens are cut; a window of 0 is none. With a wide one {@link
   * BiasBlocks} spare more.
   */
  static boolean cut(int window, int length) {
    return areMany(window, length) && length % window == 0;
  }

  /** The length to which a row is filled up so that it can be cut, where it is long enough. */
  static int filled(int window, int length) {
    return areMany(window, length) ? Math.ceilDiv(length, window) * window : length;
  }

  private static boolean areMany(int window, int length) {
    return window > 0 && window <= BiasBlocks.QUERIES && length >= LEAST_BLOCKS * window;
  }

  /**
   * Each block of a row behind the block before it; before a row's first lie zeros.
   *
   * @param x [rows * length, width]
   * @return [rows, length / window, 2 * window, width]
   */
  static Tensor withBlockBefore(Tensor x, long rows, long length, long window) {
    long blocks = length / window;
    long width = x.numel() / (rows * length);
    Tensor own = x.reshape(rows, blocks, window, width);
    Tensor none = Tensors.zeros(rows, 1, window, width);
    Tensor before = torch.cat(new TensorVector(none, own.narrow(1, 0, blocks - 1)), 1);
    return torch.cat(new TensorVector(before, own), 2);
  }
}
