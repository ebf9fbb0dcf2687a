package dev.modelflow.engine.checkpoint;

import java.util.Arrays;

/**
 * The mean of values with weights, the same bits in whatever order they come: the terms {@code
 * weight · value} are rounded to float64, added in rising order, divided by the sum of the weights,
 * which are added in rising order too, and rounded to float32 once.
 */
final class WeightedMean {
  private final double[] weights;
  private final double total;
  private final double[] terms;

  /**
   * Means of as many values as there are weights.
   *
   * @param weights above 0
   */
  WeightedMean(double[] weights) {
    this.weights = weights.clone();
    double[] rising = weights.clone();
    Arrays.sort(rising);
    total = Arrays.stream(rising).reduce(0, Double::sum);
    terms = new double[weights.length];
  }

  /**
   * Writes the means of the first {@code count} values into {@code to}.
   *
   * @param values for each weight an array of at least {@code count} finite values
   */
  void of(float[][] values, int count, float[] to, int start) {
    for (int i = 0; i < count; i++) {
      for (int k = 0; k < terms.length; k++) {
        terms[k] = weights[k] * values[k][i];
      }
      to[start + i] = (float) (risingSum() / total);
    }
  }

  /** Insertion, since terms are few. */
  private double risingSum() {
    for (int k = 1; k < terms.length; k++) {
      double term = terms[k];
      int at = k;
      while (at > 0 && terms[at - 1] > term) {
        terms[at] = terms[at - 1];
        at--;
      }
      terms[at] = term;
    }
    double sum = terms[0];
    for (int k = 1; k < terms.length; k++) {
      sum += terms[k];
    }
    return sum;
  }
}
