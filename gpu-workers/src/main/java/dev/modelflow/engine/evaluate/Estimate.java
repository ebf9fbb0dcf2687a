package dev.modelflow.engine.evaluate;

import java.util.Arrays;

/**
 * A mean with its standard error.
 *
 * @param value the mean
 * @param standardError its standard deviation over samples of this size
 * @param samples the size
 */
public record Estimate(double value, double standardError, int samples) {
  /** The mean of independent samples. */
  public static Estimate mean(double[] samples) {
    int n = samples.length;
    double mean = Arrays.stream(samples).average().orElse(0);
    double squares = Arrays.stream(samples).map(x -> (x - mean) * (x - mean)).sum();
    return new Estimate(mean, n > 1 ? Math.sqrt(squares / (n - 1) / n) : 0, n);
  }

  /**
   * The ratio of two sums over independent samples, such as bits over bytes of documents; the
   * standard error by linearisation.
   */
  public static Estimate ratio(double[] numerators, double[] denominators) {
    int n = numerators.length;
    double denominator = Arrays.stream(denominators).sum();
    double ratio = Arrays.stream(numerators).sum() / denominator;
    double squares = 0;
    for (int i = 0; i < n; i++) {
      double rest = numerators[i] - ratio * denominators[i];
      squares += rest * rest;
    }
    double error = n > 1 ? Math.sqrt(squares * n / (n - 1)) / denominator : 0;
    return new Estimate(ratio, error, n);
  }

  /** This estimate as the result of a task. */
  public Score score(String task, String metric, boolean higherIsBetter) {
    return new Score(task, metric, value, standardError, samples, higherIsBetter);
  }
}
