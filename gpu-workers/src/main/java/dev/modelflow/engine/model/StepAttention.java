package dev.modelflow.engine.model;

import dev.modelflow.engine.model.RotaryTable.Turn;
import java.util.List;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/**
 * Attention of one new token for each row of a cache, to itself and those before.
 *
 * @param layers of the cache
 * @param rows in use
 * @param width most places that a row sees
 * @param at where in a {@link Slab} the heads of each row's new token go
 * @param bias [rows, 1, 1, width] of 0 and minus infinity, or nothing where all rows see all
 */
record StepAttention(
    ModelConfig config,
    List<KeyValueCache.Layer> layers,
    int rows,
    int width,
    Tensor at,
    TensorOptional bias,
    Turn turn)
    implements Attention {
  @Override
  public Tensor mixed(int layer, Tensor query, Tensor keys, Tensor values) {
    KeyValueCache.Layer own = layers.get(layer);
    own.keys().write(at, keys);
    own.values().write(at, values);
    // The heads that share keys and values ask them as if they were a row of tokens, so that none
    // have to be repeated.
    int sharing = config.heads() / config.keyValueHeads();
    Tensor mixed =
        torch.scaled_dot_product_attention(
            query.reshape(rows, config.keyValueHeads(), sharing, config.headSize()),
            own.keys().read(rows, width),
            own.values().read(rows, width),
            bias,
            0,
            false,
            new DoubleOptional(),
            false);
    return mixed.reshape(rows, config.queryWidth());
  }
}
