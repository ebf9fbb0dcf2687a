package dev.modelflow.engine.model;

/**
 * YaRN's scaling of rotary positions, for full-attention layers only (Peng et al., 2023; constants
 * of Olmo 3).
 *
 * @param factor new context over old
 * @param originalContext tokens of the context the model was trained on before
 */
public record Yarn(double factor, int originalContext) {
  /** Turns within the original context from which on a pair keeps its frequency. */
  public static final double BETA_FAST = 32;

  /** Turns within the original context below which a pair's frequency is divided by the factor. */
  public static final double BETA_SLOW = 1;

  /** Checks the values. */
  public Yarn {
    if (!(factor >= 1) || originalContext < 1) {
      throw new IllegalArgumentException(
          "YaRN needs a factor of at least 1 and a positive context, not "
              + factor
              + " and "
              + originalContext);
    }
  }

  /** What cosine and sine are multiplied by: 0.1 ln(factor) + 1. */
  public double attentionFactor() {
    return 0.1 * StrictMath.log(factor) + 1;
  }
}
