package dev.modelflow.engine.learn;

import dev.modelflow.engine.data.PackedRows;
import dev.modelflow.engine.dense.WorkingWeights;
import dev.modelflow.engine.model.Decoder;
import dev.modelflow.engine.model.Parameters;
import dev.modelflow.engine.model.Routings;
import dev.modelflow.engine.model.Weights;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;

/** The pass of every model on every device: libtorch keeps the graph and finds the slopes. */
final class PassByGraph implements Pass {
  private final Decoder decoder;
  private final Weights weights;
  private final Parameters gradient;

  PassByGraph(Decoder decoder, WorkingWeights working, Parameters gradient) {
    this.decoder = decoder;
    this.gradient = gradient;
    weights =
        Weights.forTraining(decoder.config(), working.weights(), gradient, working.precision());
  }

  @Override
  public void begin() {
    gradient.flat().zero_();
  }

  @Override
  public void end() {}

  @Override
  public void add(MicroBatch batch, ExpertLoad load) {
    if (batch.rows().targetCount() > 0) {
      try (PointerScope _ = new PointerScope()) {
        backward(batch, load);
      }
    }
  }

  private void backward(MicroBatch batch, ExpertLoad load) {
    PackedRows rows = batch.rows();
    Routings seen = new Routings();
    Tensor hidden = decoder.hidden(weights, rows.tokens(), rows.positions(), rows.length(), seen);
    Roots roots = new Roots();
    RouterLosses.add(decoder.config(), batch, 0, seen, roots, load);
    backward(hidden, weights, batch, gradient, roots);
  }

  /** Goes back from the objective over these hidden states, and from other roots. */
  static void backward(
      Tensor hidden, Weights weights, MicroBatch batch, Parameters gradient, Roots roots) {
    Head head = new Head(hidden, weights, batch.rows(), batch.temperature());
    float[] slopes = new float[head.logProbs().length];
    batch.objective().gradient(head.logProbs(), slopes);
    if (batch.zWeight() != 0) {
      batch.objective().zLoss(batch.zWeight() * head.squaredLogDenominators());
    }
    String name = gradient.layout().head().name();
    Tensor headGradient = gradient.view(name, weights.head().size(0), weights.head().size(1));
    head.backward(slopes, batch.zWeight(), headGradient, roots);
  }

  @Override
  public void close() {
    weights.close();
  }
}
