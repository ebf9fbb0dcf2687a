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
    Tensor queryHeads = PackedAttention.byHead(config, query, rows, length);
    // Of the whole row: what a block repeated would be kept until the way back for each block.
    Tensor keyHeads = PackedAttention.byKeyHead(config, keys, rows, length);
    Tensor valueHeads = PackedAttention.byKeyHead(config, values, rows, length);
    Tensor[] mixed =
        blocks.stream()
            .map(block -> mixed(block, queryHeads, keyHeads, valueHeads).transpose(1, 2))
            .toArray(Tensor[]::new);
    return torch.cat(new TensorVector(mixed), 1).view(-1, config.queryWidth());
  }

  private static Tensor mixed(BiasBlock block, Tensor query, Tensor keys, Tensor values) {
    int seen = block.to() - block.first();
    return PackedAttention.attend(
        query.narrow(2, block.from(), (long) block.to() - block.from()),
        keys.narrow(2, block.first(), seen),
        values.narrow(2, block.first(), seen),
        block.bias());
  }
}
