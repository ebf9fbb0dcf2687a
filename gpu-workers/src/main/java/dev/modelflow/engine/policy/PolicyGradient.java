package dev.modelflow.engine.policy;

/**
 * Olmo 3's objective for one token (report, equations 1 and 2): the clipped policy gradient,
 * weighted by truncated importance sampling, without a KL term.
 *
 * @param clipLow how far the ratio may fall below 1
 * @param clipHigh how far it may rise above 1
 * @param importanceCap largest weight for the sampler's distance from the learner; 0: no weight
 */
public record PolicyGradient(double clipLow, double clipHigh, double importanceCap) {
  private static final double LARGEST_LOG_WEIGHT = 10;

  /** The importance weight: the learner's old probability over the sampler's, truncated. */
  public double weight(double oldLogProb, double sampledLogProb) {
    if (importanceCap == 0) {
      return 1;
    }
    double log = Math.clamp(oldLogProb - sampledLogProb, -LARGEST_LOG_WEIGHT, LARGEST_LOG_WEIGHT);
    return Math.min(Math.exp(log), importanceCap);
  }

  /** Loss of a token before weighting: max(-A r, -A clip(r)). */
  public double loss(double ratio, double advantage) {
    return Math.max(-advantage * ratio, -advantage * clipped(ratio));
  }

  /** The derivative of {@link #loss} with respect to the token's log-probability. */
  public double slope(double ratio, double advantage) {
    return isClipped(ratio, advantage) ? 0 : -advantage * ratio;
  }

  private boolean isClipped(double ratio, double advantage) {
    return -advantage * clipped(ratio) > -advantage * ratio;
  }

  private double clipped(double ratio) {
    return Math.clamp(ratio, 1 - clipLow, 1 + clipHigh);
  }
}
