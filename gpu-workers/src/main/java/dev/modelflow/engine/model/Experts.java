package dev.modelflow.engine.model;

/**
 * The mixture of experts that takes the place of every block's feed-forward: as many SwiGLUs, each
 * of the model's inner width, and a router that sends each token to some of them (Muennighoff et
 * al., OLMoE, arXiv 2409.02060; the block of FlexOlmo, arXiv 2507.07024). No token is ever dropped,
 * and what experts say is weighted by the router's softmax over all of them, not normed over those
 * chosen.
 *
 * @param count experts of a block
 * @param perToken experts that each token goes to
 * @param balanceLoss weight of the load-balancing loss in training; see {@code RouterLosses}
 * @param routerZLoss weight of the squared log of the router's softmax's denominator
 */
public record Experts(int count, int perToken, double balanceLoss, double routerZLoss) {
  /** Checks the numbers; throws {@link IllegalArgumentException} naming the wrong one. */
  public Experts {
    if (count < 2) {
      throw new IllegalArgumentException("model.experts.count is " + count + ": use at least 2");
    }
    if (perToken < 1 || perToken > count) {
      throw new IllegalArgumentException(
          "model.experts.perToken is " + perToken + ": use 1 to the " + count + " there are");
    }
    requireWeight("balanceLoss", balanceLoss);
    requireWeight("routerZLoss", routerZLoss);
  }

  private static void requireWeight(String key, double value) {
    if (!(value >= 0) || Double.isInfinite(value)) {
      throw new IllegalArgumentException(
          "model.experts." + key + " is " + value + ": use a number of at least 0");
    }
  }
}
