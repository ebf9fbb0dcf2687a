package dev.modelflow.engine.learn;

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

  GraphPass(Decoder decoder, Parameters values, Parameters gradient) {
    this.decoder = decoder;
    this.gradient = gradient;
    weights = Weights.forTraining(decoder.config(), values, gradient, decoder.precision());
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

  @Override
  public final void forward(MicroBatch batch) {
    if (batch.rows().targetCount() > 0) {
      try (PointerScope _ = new PointerScope()) {
        slopes(batch, head(hidden(batch), batch));
      }
    }
  }

  /** Adds the gradient of a micro-batch that has targets. */
  abstract void backward(MicroBatch batch, ExpertLoad load);

  /** What the head is given of a micro-batch, in the caller's scope. */
  abstract Tensor hidden(MicroBatch batch);

  private Head head(Tensor hidden, MicroBatch batch) {
    return new Head(hidden, weights, batch.rows(), batch.temperature());
  }

  private static float[] slopes(MicroBatch batch, Head head) {
    return batch.slopes(head.logProbs(), head::squaredLogDenominators);
  }

  /** Goes back from the objective over these hidden states, and from other roots. */
  final void backward(Tensor hidden, MicroBatch batch, Roots roots) {
    Head head = head(hidden, batch);
    float[] slopes = slopes(batch, head);
    String name = gradient.layout().head().name();
    Tensor headGradient = gradient.view(name, weights.head().size(0), weights.head().size(1));
    head.backward(slopes, batch.zWeight(), headGradient, roots);
  }

  @Override
  public final void close() {
    weights.close();
  }
}
