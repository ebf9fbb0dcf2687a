package dev.modelflow.cli.bench.http;

import java.util.Arrays;
import java.util.Collection;
import java.util.Locale;

/** Times of many equal things, in milliseconds. */
public final class Latencies {
  private final double[] sorted;

  private Latencies(double[] sorted) {
    this.sorted = sorted;
  }

  /** Of these times in milliseconds; throws {@link IllegalArgumentException} without any. */
  public static Latencies of(Collection<Double> milliseconds) {
    if (milliseconds.isEmpty()) {
      throw new IllegalArgumentException("Nothing was timed");
    }
    double[] sorted = milliseconds.stream().mapToDouble(Double::doubleValue).toArray();
    Arrays.sort(sorted);
    return new Latencies(sorted);
  }

  /**
   * The smallest time that this share of all does not exceed.
   *
   * @param share above 0 and up to 1, e.g. 0.95
   */
  public double quantile(double share) {
    return sorted[Math.clamp((long) Math.ceil(share * sorted.length) - 1, 0, sorted.length - 1)];
  }

  /** The time that 95 of 100 do not exceed. */
  public double p95() {
    return quantile(0.95);
  }

  /** The average. */
  public double mean() {
    return Arrays.stream(sorted).average().orElseThrow();
  }

  /** How many there are. */
  public int count() {
    return sorted.length;
  }

  /** {@code p95 21 ms (p50 9, p99 30, n 400)}. */
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "p95 %s ms (p50 %s, p99 %s, n %d)",
        brief(p95()),
        brief(quantile(0.5)),
        brief(quantile(0.99)),
        count());
  }

  private static String brief(double milliseconds) {
    return String.format(Locale.ROOT, milliseconds < 9.95 ? "%.1f" : "%.0f", milliseconds);
  }
}
