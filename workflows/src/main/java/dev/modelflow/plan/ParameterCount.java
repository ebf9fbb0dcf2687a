package dev.modelflow.plan;

import dev.modelflow.recipe.ModelShape;

/** Counts the weights of Olmo 3's decoder. */
public final class ParameterCount {
  private ParameterCount() {}

  /**
   * All weights: two V×d tables, or one where they are tied, and in each block the projections of
   * queries (q wide), keys and values (k wide) and of the output, three d×f matrices of the SwiGLU
   * or of each expert, the router's E×d, and four norms (after attention, after the MLP, of
   * queries, of keys); one last norm.
   */
  public static long of(ModelShape model) {
    return embeddings(model) + multiplied(model, Math.max(1, model.experts()));
  }

  /** The same without the experts that a token does not go to. */
  public static long active(ModelShape model) {
    return embeddings(model) + multiplied(model);
  }

  /**
   * The weights that a token is multiplied with: the head's table, tied or not, and never the other
   * one; of a block's experts those that it goes to.
   */
  static long multiplied(ModelShape model) {
    return multiplied(model, Math.max(1, model.expertsPerToken()));
  }

  private static long embeddings(ModelShape model) {
    return model.hasTiedHead() ? 0 : (long) model.vocabulary() * model.width();
  }

  private static long multiplied(ModelShape model, int feedForwards) {
    long d = model.width();
    long q = (long) model.heads() * model.headSize();
    long k = (long) model.keyValueHeads() * model.headSize();
    long fed = 3 * d * model.feedForward() * feedForwards + d * model.experts();
    long block = 2 * d * q + 2 * d * k + fed + 2 * d + q + k;
    return model.layers() * block + d + model.vocabulary() * d;
  }
}
