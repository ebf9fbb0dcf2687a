package dev.modelflow.engine.learn;

import dev.modelflow.engine.data.PackedRows;
import dev.modelflow.engine.model.Decoder;
import dev.modelflow.engine.model.Parameters;
import dev.modelflow.engine.model.Routings;
import org.bytedeco.pytorch.Tensor;

/** The pass that keeps the graph of all blocks until the way back. */
final class PassByGraph extends GraphPass {
  PassByGraph(Decoder decoder, Parameters values, Parameters gradient) {
    super(decoder, values, gradient);
  }

  @Override
  void backward(MicroBatch batch, ExpertLoad load) {
    Routings seen = new Routings();
    Tensor hidden = hidden(batch, seen);
    Roots roots = new Roots();
    RouterLosses.add(decoder.config(), batch, 0, seen, roots, load);
    backward(hidden, batch, roots);
  }

  @Override
  Tensor hidden(MicroBatch batch) {
    return hidden(batch, new Routings());
  }

  private Tensor hidden(MicroBatch batch, Routings seen) {
    PackedRows rows = batch.rows();
    return decoder.hidden(weights, rows.tokens(), rows.positions(), rows.length(), seen);
  }
}
