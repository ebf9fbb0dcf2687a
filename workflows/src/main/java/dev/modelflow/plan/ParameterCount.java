package dev.modelflow.plan;

import dev.modelflow.recipe.ModelShape;

/** Counts the weights of Olmo 3's decoder. */
public final class ParameterCount {
  private ParameterCount() {}

  /**
   * All weights: two V×d tables, or one where they are tied, and in each block the projections of
   * queries (q wide), keys and values (k wide) and of the output, three d×f matrices of the SwiGLU
   * and four norms (after attention, after the MLP, of queries, of keys); one last norm.
   */
  public static long of(ModelShape model) {
    long table = model.hasTiedHead() ? 0 : (long) model.vocabulary() * model.width();
    return table + withoutEmbeddings(model);
  }

  /** The weights that are multiplied: the head's table, tied or not, and never the other one. */
  static long withoutEmbeddings(ModelShape model) {
    long d = model.width();
    long q = (long) model.heads() * model.headSize();
    long k = (long) model.keyValueHeads() * model.headSize();
    long block = 2 * d * q + 2 * d * k + 3 * d * model.feedForward() + 2 * d + q + k;
    return model.layers() * block + d + model.vocabulary() * d;
  }
}
