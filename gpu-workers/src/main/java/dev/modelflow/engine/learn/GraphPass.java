package dev.modelflow.engine.learn;

import dev.modelflow.engine.dense.WorkingWeights;
import dev.modelflow.engine.model.Decoder;
import dev.modelflow.engine.model.Parameters;
import dev.modelflow.engine.model.Weights;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;

/** A pass of every model on every device, whose slopes libtorch finds by its graph. */
abstract sealed class GraphPass implements Pass permits PassByGraph, PassByBlocks {
  final Decoder decoder;
  final Weights weights;
  private final Parameters gradient;

  GraphPass(Decoder decoder, WorkingWeights working, Parameters gradient) {
    this.decoder = decoder;
    this.gradient = gradient;
    weights =
        Weights.forTraining(decoder.config(), working.weights(), gradient, working.precision());
  }

  @Override
  public final void begin() {
    gradient.flat().zero_();
  }

  @Override
  public final void end() {}

  @Override
  public final void add(MicroBatch batch, ExpertLoad load) {
    if (batch.rows().targetCount() > 0) {
      try (PointerScope _ = new PointerScope()) {
        backward(batch, load);
      }
    }
  }

  /** Adds the gradient of a micro-batch that has targets. */
  abstract void backward(MicroBatch batch, ExpertLoad load);

  /** Goes back from the objective over these hidden states, and from other roots. */
  final void backward(Tensor hidden, MicroBatch batch, Roots roots) {
    Head head = new Head(hidden, weights, batch.rows(), batch.temperature());
    float[] slopes = batch.slopes(head.logProbs(), head::squaredLogDenominators);
    String name = gradient.layout().head().name();
    Tensor headGradient = gradient.view(name, weights.head().size(0), weights.head().size(1));
    head.backward(slopes, batch.zWeight(), headGradient, roots);
  }

  @Override
  public final void close() {
    weights.close();
  }
}
