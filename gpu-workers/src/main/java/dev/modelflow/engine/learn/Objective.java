package dev.modelflow.engine.learn;

import java.util.OptionalDouble;

/**
 * A loss over the log-probabilities of the targets of some rows. Every objective of the flow (next
 * token, preference pairs, policy gradient) is one, so none needs to know the model.
 */
public interface Objective {
  /**
   * Computes the loss's derivative.
   *
   * @param logProbs of the targets, in the order of the rows' positions
   * @param gradient receives d loss / d logProb of each
   */
  void gradient(float[] logProbs, float[] gradient);

  /** The derivative at every target, where it hangs on no log-probability. */
  default OptionalDouble slope() {
    return OptionalDouble.empty();
  }

  /** Is told the rows' z-loss with its weight, where they have one. */
  default void zLoss(double loss) {}
}
