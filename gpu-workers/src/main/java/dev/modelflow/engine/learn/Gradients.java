package dev.modelflow.engine.learn;

import dev.modelflow.engine.dense.WorkingWeights;
import dev.modelflow.engine.model.Decoder;
import dev.modelflow.engine.model.Parameters;
import dev.modelflow.engine.tensor.Range;
import java.util.List;

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
    try (WorkingWeights working = Pass.weights(decoder, parameters)) {
      working.refresh(Range.of(parameters.layout().size()));
      try (Pass pass = Pass.of(decoder, working, gradient, false)) {
        pass.begin();
        batches.forEach(batch -> pass.add(batch, load));
        pass.end();
      }
    }
    return gradient;
  }
}
