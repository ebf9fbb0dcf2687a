package dev.modelflow.calibrate;

/**
 * What a start was measured at, each number the best of its rounds.
 *
 * @param small tokens a second in training steps of a model of width 128
 * @param wide tokens a second in training steps of a model of width 512
 * @param gemm billions of floating-point operations a second in float32 products, on every thread
 *     at once
 */
public record Score(double small, double wide, double gemm) {
  /** Throws {@link IllegalArgumentException} unless each is a positive number. */
  public Score {
    if (!(small > 0 && wide > 0 && gemm > 0)
        || Double.isInfinite(small)
        || Double.isInfinite(wide)
        || Double.isInfinite(gemm)) {
      throw new IllegalArgumentException(
          "a score of %s, %s and %s: expected positive numbers".formatted(small, wide, gemm));
    }
  }

  /** The better of each. */
  Score best(Score other) {
    return new Score(
        Math.max(small, other.small), Math.max(wide, other.wide), Math.max(gemm, other.gemm));
  }

  /** By which starts are compared: a tenth more at either size counts alike. */
  public double speed() {
    return Math.sqrt(small * wide);
  }
}
