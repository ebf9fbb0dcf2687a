package dev.modelflow.calibrate;

import org.jspecify.annotations.Nullable;

/**
 * What a start was measured at, each number the best of its rounds.
 *
 * @param small tokens a second in training steps of a model of width 128
 * @param wide tokens a second in training steps of a model of width 512
 * @param gemm billions of floating-point operations a second in float32 products, on every thread
 *     at once
 * @param smallInBf16 tokens a second in training steps of the small model with linear layers in
 *     bf16; null where the processor has no bf16
 */
public record Score(double small, double wide, double gemm, @Nullable Double smallInBf16) {
  /** Throws {@link IllegalArgumentException} unless each is a positive number. */
  public Score {
    if (!isSpeed(small)
        || !isSpeed(wide)
        || !isSpeed(gemm)
        || (smallInBf16 != null && !isSpeed(smallInBf16))) {
      throw new IllegalArgumentException(
          "a score of %s, %s, %s and %s: expected positive numbers"
              .formatted(small, wide, gemm, smallInBf16));
    }
  }

  private static boolean isSpeed(double number) {
    return number > 0 && Double.isFinite(number);
  }

  /** The better of each. */
  Score best(Score other) {
    return new Score(
        Math.max(small, other.small),
        Math.max(wide, other.wide),
        Math.max(gemm, other.gemm),
        best(smallInBf16, other.smallInBf16));
  }

  private static @Nullable Double best(@Nullable Double one, @Nullable Double other) {
    if (one == null || other == null) {
      return one == null ? other : one;
    }
    return Math.max(one, other);
  }

  /** By which starts are compared: a tenth more in any of the steps counts alike. */
  public double speed() {
    return smallInBf16 == null ? float32Speed() : Math.cbrt(small * wide * smallInBf16);
  }

  /** The same of the steps in float32 alone. */
  public double float32Speed() {
    return Math.sqrt(small * wide);
  }
}
