package dev.modelflow.plan;

/**
 * What a stage takes, as far as the recipe alone says.
 *
 * @param parameters of the model that it works on; 0 without one
 * @param tokens that it trains on or reads; an upper bound where documents decide
 * @param flops floating-point operations; see {@link FlopCount}
 */
public record Cost(long parameters, long tokens, double flops) {
  static final Cost NONE = new Cost(0, 0, 0);
}
