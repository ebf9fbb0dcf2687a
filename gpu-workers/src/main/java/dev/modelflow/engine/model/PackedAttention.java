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
                byHead(query, rows, length),
                byHead(keys, rows, length),
                byHead(values, rows, length));
    return mixed.transpose(1, 2).reshape(-1, config.queryWidth());
  }

  private Tensor mixedInBlocks(Tensor query, Tensor keys, Tensor values) {
    int window = config.slidingWindow();
    int blocks = rows * length / window;
    return attend(
        byHead(query, blocks, window),
        byHead(withBlockBefore(keys), blocks, 2 * window),
        byHead(withBlockBefore(values), blocks, 2 * window));
  }

  private Tensor withBlockBefore(Tensor x) {
    return WindowBlocks.withBlockBefore(x, rows, length, config.slidingWindow());
  }

  private Tensor attend(Tensor query, Tensor keys, Tensor values) {
    boolean shared = config.keyValueHeads() < config.heads();
    return torch.scaled_dot_product_attention(
        query, keys, values, new TensorOptional(bias), 0, false, new DoubleOptional(), shared);
  }

  private Tensor byHead(Tensor x, int pieces, int each) {
    return x.reshape(pieces, each, -1, config.headSize()).transpose(1, 2);
  }
}
