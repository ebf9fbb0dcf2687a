package dev.modelflow.engine.model;

import dev.modelflow.engine.model.RotaryTable.Turn;
import org.bytedeco.pytorch.DoubleOptional;
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
                config,
                byHead(config, query, rows, length),
                byHead(config, keys, rows, length),
                byHead(config, values, rows, length),
                bias);
    return mixed.transpose(1, 2).reshape(-1, config.queryWidth());
  }

  private Tensor mixedInBlocks(Tensor query, Tensor keys, Tensor values) {
    int window = config.slidingWindow();
    int blocks = rows * length / window;
    return attend(
        config,
        byHead(config, query, blocks, window),
        byHead(config, withBlockBefore(keys), blocks, 2 * window),
        byHead(config, withBlockBefore(values), blocks, 2 * window),
        bias);
  }

  private Tensor withBlockBefore(Tensor x) {
    return WindowBlocks.withBlockBefore(x, rows, length, config.slidingWindow());
  }

  /** What queries by head take from values by head where the bias lets them see the keys. */
  static Tensor attend(ModelConfig config, Tensor query, Tensor keys, Tensor values, Tensor bias) {
    boolean shared = config.keyValueHeads() < config.heads();
    return torch.scaled_dot_product_attention(
        query, keys, values, new TensorOptional(bias), 0, false, new DoubleOptional(), shared);
  }

  /** Pieces of {@code each} tokens, as [pieces, heads, each, headSize]. */
  static Tensor byHead(ModelConfig config, Tensor x, int pieces, int each) {
    return x.reshape(pieces, each, -1, config.headSize()).transpose(1, 2);
  }
}
