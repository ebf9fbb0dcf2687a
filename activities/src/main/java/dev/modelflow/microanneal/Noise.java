package dev.modelflow.microanneal;

import java.util.List;

/**
 * The variance of a change as the sum of independent parts, with the degrees of freedom that each
 * is known with.
 *
 * @param parts those that anything is known about
 */
record Noise(List<Part> parts) {
  /** A part of the variance. */
  record Part(double variance, double freedom) {}

  double standardError() {
    return StrictMath.sqrt(variance());
  }

  /** Whether anything is known. */
  boolean isKnown() {
    return !parts.isEmpty();
  }

  /**
   * Half the width of the interval in which the true change lies with this probability. The degrees
   * of freedom of the sum are Satterthwaite's (Biometrics Bulletin 2, 1946).
   */
  double halfWidth(double confidence) {
    double variance = variance();
    if (variance == 0) {
      return 0;
    }
    double spread =
        parts.stream()
            .mapToDouble(part -> part.variance() * part.variance() / part.freedom())
            .sum();
    return StudentT.within(confidence, Math.max(1, variance * variance / spread)) * standardError();
  }

  private double variance() {
    return parts.stream().mapToDouble(Part::variance).sum();
  }
}
