package dev.modelflow.plan;

import dev.modelflow.recipe.ModelShape;

/**
 * Counts floating-point operations after Kaplan et al. 2020 and Chowdhery et al. 2022 (PaLM,
 * appendix B). Forward: {@code 2·N} a token, where N leaves out the embedding table and the experts
 * that the token does not go to, and in each block {@code 4·q·a} (q: width of the queries) for the
 * scores and the weighted sum over the {@code a} positions that a token sees on average. Backward
 * costs twice the forward pass, so training is {@code 6·N·T} and three times the attention.
 */
public final class FlopCount {
  private FlopCount() {}

  /** Operations of training on {@code tokens} tokens in rows of {@code rowLength}. */
  public static double training(ModelShape model, long tokens, long rowLength) {
    return 3 * forward(model, tokens, rowLength);
  }

  /** Operations of one forward pass over {@code tokens} tokens in rows of {@code rowLength}. */
  public static double forward(ModelShape model, long tokens, long rowLength) {
    double attention = 0;
    for (int layer = 0; layer < model.layers(); layer++) {
      long window = model.isFull(layer) ? rowLength : model.slidingWindow();
      attention += 4.0 * model.heads() * model.headSize() * seen(rowLength, window);
    }
    return (double) tokens * (2.0 * ParameterCount.multiplied(model) + attention);
  }

  /** How many positions a token of a row sees on average through a causal window. */
  static double seen(long rowLength, long window) {
    double w = Math.min(window, rowLength);
    return w - w * (w - 1) / (2.0 * rowLength);
  }
}
