package dev.modelflow.engine.model;

import dev.modelflow.engine.model.RotaryTable.Turn;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * Attention within rows that hold all tokens there are, one block of queries after the other.
 *
 * @param blocks as {@link BiasBlocks} makes them
 */
record LongAttention(ModelConfig config, int rows, int length, List<BiasBlock> blocks, Turn turn)
    implements Attention {
  @Override
  public Tensor mixed(int layer, Tensor query, Tensor keys, Tensor values) {
    Tensor queryHeads = byHead(query);
    Tensor keyHeads = byHead(keys);
    Tensor valueHeads = byHead(values);
    Tensor[] mixed =
        blocks.stream()
            .map(block -> mixed(block, queryHeads, keyHeads, valueHeads).transpose(1, 2))
            .toArray(Tensor[]::new);
    return torch.cat(new TensorVector(mixed), 1).view(-1, config.queryWidth());
  }

  private Tensor mixed(BiasBlock block, Tensor query, Tensor keys, Tensor values) {
    int seen = block.to() - block.first();
    return PackedAttention.attend(
        config,
        query.narrow(2, block.from(), (long) block.to() - block.from()),
        keys.narrow(2, block.first(), seen),
        values.narrow(2, block.first(), seen),
        block.bias());
  }

  private Tensor byHead(Tensor x) {
    return PackedAttention.byHead(config, x, rows, length);
  }
}
