package dev.modelflow.engine.model;

import org.jspecify.annotations.Nullable;

/** The inverse frequencies of rotary positions, with YaRN's interpolation where it is asked for. */
public final class RotaryFrequencies {
  private RotaryFrequencies() {}

  /** Inverse frequency of each pair of dimensions: {@code headSize / 2} values. */
  public static double[] of(int headSize, double base, @Nullable Yarn yarn) {
    double[] frequencies = new double[headSize / 2];
    for (int i = 0; i < frequencies.length; i++) {
      frequencies[i] = StrictMath.pow(base, -2.0 * i / headSize);
    }
    return yarn == null ? frequencies : interpolated(frequencies, headSize, base, yarn);
  }

  /** Fast pairs keep their frequency, slow ones are divided by the factor, a ramp lies between. */
  private static double[] interpolated(double[] plain, int headSize, double base, Yarn yarn) {
    double low = Math.max(Math.floor(pairOf(Yarn.BETA_FAST, headSize, base, yarn)), 0);
    // Beyond the last pair for short heads: their ramp then ends before it is full.
    double high = Math.min(Math.ceil(pairOf(Yarn.BETA_SLOW, headSize, base, yarn)), headSize - 1);
    double width = high == low ? 1e-3 : high - low;
    double[] frequencies = new double[plain.length];
    for (int i = 0; i < plain.length; i++) {
      double ramp = Math.clamp((i - low) / width, 0, 1);
      frequencies[i] = plain[i] / yarn.factor() * ramp + plain[i] * (1 - ramp);
    }
    return frequencies;
  }

  /** The pair of dimensions that turns {@code turns} times within the original context. */
  private static double pairOf(double turns, int headSize, double base, Yarn yarn) {
    return headSize
        * StrictMath.log(yarn.originalContext() / (turns * 2 * Math.PI))
        / (2 * StrictMath.log(base));
  }
}
