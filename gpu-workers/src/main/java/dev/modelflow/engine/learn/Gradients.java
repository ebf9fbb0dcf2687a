package dev.modelflow.engine.learn;

import dev.modelflow.engine.data.PackedRows;
import dev.modelflow.engine.model.Decoder;
import dev.modelflow.engine.model.Parameters;
import dev.modelflow.engine.model.Routings;
import dev.modelflow.engine.model.Weights;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;

/** Forward and backward passes that only leave gradients behind. */
public final class Gradients {
  private Gradients() {}

  /**
   * The gradient of the sum of these micro-batches' losses, on the calling thread; close it to free
   * it. This is what {@link Learner} takes a step along.
   */
  public static Parameters of(Decoder decoder, Parameters parameters, List<MicroBatch> batches) {
    return of(decoder, parameters, batches, new ExpertLoad(decoder.config()));
  }

  /**
   * The same.
   *
   * @param load learns how tokens were spread over experts
   */
  public static Parameters of(
      Decoder decoder, Parameters parameters, List<MicroBatch> batches, ExpertLoad load) {
    Parameters gradient = new Parameters(parameters.layout());
    try (Weights weights = Weights.forTraining(decoder.config(), parameters, gradient)) {
      batches.forEach(batch -> add(decoder, weights, gradient, batch, load));
    }
    return gradient;
  }

  /** Adds a micro-batch's gradient; {@code weights} are views whose gradients lie in it. */
  static void add(
      Decoder decoder, Weights weights, Parameters gradient, MicroBatch batch, ExpertLoad load) {
    if (batch.rows().targetCount() > 0) {
      try (PointerScope _ = new PointerScope()) {
        backward(decoder, weights, gradient, batch, load);
      }
    }
  }

  private static void backward(
      Decoder decoder, Weights weights, Parameters gradient, MicroBatch batch, ExpertLoad load) {
    PackedRows rows = batch.rows();
    Routings seen = new Routings();
    Tensor hidden = decoder.hidden(weights, rows.tokens(), rows.positions(), rows.length(), seen);
    Head head = new Head(hidden, weights.head(), rows, batch.temperature());
    float[] slopes = new float[head.logProbs().length];
    batch.objective().gradient(head.logProbs(), slopes);
    String name = gradient.layout().head().name();
    Tensor headGradient =
        gradient.view(name, decoder.config().vocabulary(), decoder.config().width());
    if (batch.zWeight() != 0) {
      batch.objective().zLoss(batch.zWeight() * head.squaredLogDenominators());
    }
    Roots roots = new Roots();
    RouterLosses.add(decoder.config(), batch, seen, roots, load);
    head.backward(slopes, batch.zWeight(), headGradient, roots);
  }
}
