package dev.modelflow.engine.learn;

import dev.modelflow.engine.data.PackedRows;
import dev.modelflow.engine.model.Decoder;
import dev.modelflow.engine.model.Parameters;
import dev.modelflow.engine.model.Routings;
import dev.modelflow.engine.tensor.Tensors;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;

/**
 * The pass that keeps only what each block is given: a block's graph is made on the way back, from
 * that, and is gone before the next.
 */
final class PassByBlocks extends GraphPass {
  PassByBlocks(Decoder decoder, Parameters values, Parameters gradient) {
    super(decoder, values, gradient);
  }

  @Override
  void backward(MicroBatch batch, ExpertLoad load) {
    Decoder.Blocks blocks = blocks(batch);
    List<Tensor> streams = streams(blocks);
    Tensor last = leaf(streams.getLast());
    backward(blocks.normed(last), batch, new Roots());
    Tensor slope = last.grad();
    for (int layer = streams.size() - 2; layer >= 0; layer--) {
      slope = back(blocks, layer, streams.get(layer), slope, batch, load);
    }
    Roots roots = new Roots();
    roots.add(blocks.embedded(), slope);
    roots.backward();
  }

  @Override
  Tensor hidden(MicroBatch batch) {
    Decoder.Blocks blocks = blocks(batch);
    return blocks.normed(leaf(streams(blocks).getLast()));
  }

  private Decoder.Blocks blocks(MicroBatch batch) {
    PackedRows rows = batch.rows();
    return decoder.blocks(weights, rows.tokens(), rows.positions(), rows.length());
  }

  /** What each block is given, and what the last one made of it. */
  private List<Tensor> streams(Decoder.Blocks blocks) {
    List<Tensor> streams = new ArrayList<>();
    try (NoGradGuard _ = new NoGradGuard()) {
      streams.add(blocks.embedded());
      for (int layer = 0; layer < decoder.config().layers(); layer++) {
        streams.add(alone(blocks, layer, streams.getLast()));
      }
    }
    return streams;
  }

  private static Tensor alone(Decoder.Blocks blocks, int layer, Tensor stream) {
    Tensor behind;
    try (PointerScope _ = new PointerScope()) {
      behind = Tensors.keep(blocks.block(layer, stream, null));
    }
    return Tensors.intoScope(behind);
  }

  private Tensor back(
      Decoder.Blocks blocks,
      int layer,
      Tensor stream,
      Tensor slope,
      MicroBatch batch,
      ExpertLoad load) {
    Tensor before;
    try (PointerScope _ = new PointerScope()) {
      Tensor leaf = leaf(stream);
      Routings seen = new Routings();
      Roots roots = new Roots();
      Tensor behind = blocks.block(layer, leaf, seen);
      RouterLosses.add(decoder.config(), batch, layer, seen, roots, load);
      roots.add(behind, slope);
      roots.backward();
      // The leaf's own handle of it goes with the leaf.
      before = Tensors.keep(new Tensor(leaf.grad()));
    }
    decoder.goesOn();
    return Tensors.intoScope(before);
  }

  private static Tensor leaf(Tensor stream) {
    Tensor leaf = stream.detach();
    leaf.set_requires_grad(true);
    return leaf;
  }
}
