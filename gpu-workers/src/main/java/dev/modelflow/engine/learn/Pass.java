package dev.modelflow.engine.learn;

import dev.modelflow.engine.dense.DensePass;
import dev.modelflow.engine.dense.WorkingWeights;
import dev.modelflow.engine.model.Decoder;
import dev.modelflow.engine.model.Parameters;
import dev.modelflow.engine.tensor.Precision;

/**
 * How a lane takes micro-batches forward and backward and adds up their gradients; close it to free
 * what it keeps between them.
 */
sealed interface Pass extends AutoCloseable permits PassByHand, GraphPass {
  /**
   * What passes of this model multiply with: those by hand with a copy where the decoder's
   * precision asks for one; a graph casts the weights by itself, and has none.
   */
  static WorkingWeights weights(Decoder decoder, Parameters weights) {
    boolean byHand = DensePass.fits(decoder.config(), weights);
    return new WorkingWeights(weights, byHand ? decoder.precision() : Precision.FLOAT32);
  }

  /**
   * The quickest for this model.
   *
   * @param working as {@link #weights} makes them
   * @param gradient that receives the sum over micro-batches
   * @param recomputing whether blocks are computed again on the way back instead of kept
   */
  static Pass of(
      Decoder decoder, WorkingWeights working, Parameters gradient, boolean recomputing) {
    if (DensePass.fits(decoder.config(), working.weights())) {
      return new PassByHand(new DensePass(decoder, working, gradient, recomputing));
    }
    return recomputing
        ? new PassByBlocks(decoder, working.weights(), gradient)
        : new PassByGraph(decoder, working.weights(), gradient);
  }

  /** Begins a step: its gradient is that of the micro-batches that are added until {@link #end}. */
  void begin();

  /** Ends a step. */
  void end();

  /**
   * Adds a micro-batch's gradient. One without a target has none.
   *
   * @param load learns how tokens were spread over experts
   */
  void add(MicroBatch batch, ExpertLoad load);

  /**
   * Takes a micro-batch as far as {@link #add} has the loss's slopes at its targets, and changes no
   * gradient.
   */
  void forward(MicroBatch batch);

  @Override
  void close();
}
