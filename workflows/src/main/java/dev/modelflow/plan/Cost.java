package dev.modelflow.plan;

/**
 * What a stage takes, as far as the recipe alone says.
 *
 * @param parameters of the model that it works on; 0 without one
 * @param activeParameters those of them that a token meets: fewer where the model has experts
 * @param tokens that it trains on or reads; an upper bound where documents decide
 * @param flops floating-point operations; see {@link FlopCount}
 */
public record Cost(long parameters, long activeParameters, long tokens, double flops) {
  /** Of a stage that works on no model. */
  public static final Cost NONE = new Cost(0, 0, 0, 0);
}
