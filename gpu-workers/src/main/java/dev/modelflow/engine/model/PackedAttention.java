package dev.modelflow.engine.model;

import dev.modelflow.engine.model.RotaryTable.Turn;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/**
 * Attention within rows that hold all tokens there are.
 *
 * @param bias as {@link AttentionBias} makes it
 * @param inBlocks whether rows are cut into blocks of a window's length, which spares the scores
 *     beyond it
 */
record PackedAttention(
    ModelConfig config, int rows, int length, Tensor bias, Turn turn, boolean inBlocks)
    implements Attention {
  @Override
  public Tensor mixed(int layer, Tensor query, Tensor keys, Tensor values) {
    Tensor mixed =
        inBlocks
            ? mixedInBlocks(query, keys, values)
            : attend(
                byHead(config, query, rows, length),
                byKeyHead(config, keys, rows, length),
                byKeyHead(config, values, rows, length),
                bias);
    return mixed.transpose(1, 2).reshape(-1, config.queryWidth());
  }

  private Tensor mixedInBlocks(Tensor query, Tensor keys, Tensor values) {
    int window = config.slidingWindow();
    int blocks = rows * length / window;
    return attend(
        byHead(config, query, blocks, window),
        byKeyHead(config, withBlockBefore(keys), blocks, 2 * window),
        byKeyHead(config, withBlockBefore(values), blocks, 2 * window),
        bias);
  }

  private Tensor withBlockBefore(Tensor x) {
    return WindowBlocks.withBlockBefore(x, rows, length, config.slidingWindow());
  }

  /**
   * What queries by head take from values by head where the bias lets them see the keys; heads of
   * keys and values may be fewer, and serve as many of queries each.
   */
  static Tensor attend(Tensor query, Tensor keys, Tensor values, Tensor bias) {
    boolean shared = keys.size(1) < query.size(1);
    return torch.scaled_dot_product_attention(
        query, keys, values, new TensorOptional(bias), 0, false, new DoubleOptional(), shared);
  }

  /**
   * Keys or values by head. On a GPU there are as many as of queries, since libtorch's kernels that
   * keep no scores until the way back do not take fewer together with a bias there.
   */
  static Tensor byKeyHead(ModelConfig config, Tensor x, int pieces, int each) {
    Tensor heads = byHead(config, x, pieces, each);
    return x.is_cuda() ? repeated(heads, config.heads() / config.keyValueHeads()) : heads;
  }

  /** Each head so many times, for the heads of queries that it serves. */
  static Tensor repeated(Tensor heads, int times) {
    return times == 1
        ? heads
        : heads.repeat_interleave(times, new LongOptional(1), new LongOptional());
  }

  /** Pieces of {@code each} tokens, as [pieces, heads, each, headSize]. */
  static Tensor byHead(ModelConfig config, Tensor x, int pieces, int each) {
    return x.reshape(pieces, each, -1, config.headSize()).transpose(1, 2);
  }
}
