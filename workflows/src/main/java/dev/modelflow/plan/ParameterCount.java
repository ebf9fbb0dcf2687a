package dev.modelflow.plan;

import dev.modelflow.recipe.ModelShape;

/** Counts the weights of Olmo 3's decoder. */
public final class ParameterCount {
  private ParameterCount() {}

  /**
   * All weights: two untied V×d tables, and in each block four d×d projections, three d×f matrices
   * of the SwiGLU and four norms (after attention, after the MLP, of queries, of keys) of width d;
   * one last norm.
   */
  public static long of(ModelShape model) {
    return (long) model.vocabulary() * model.width() + withoutEmbeddings(model);
  }

  /** The weights without the embedding table, which is looked up and not multiplied. */
  static long withoutEmbeddings(ModelShape model) {
    long d = model.width();
    long block = 4 * d * d + 3 * d * model.feedForward() + 4 * d;
    return model.layers() * block + d + model.vocabulary() * d;
  }
}
