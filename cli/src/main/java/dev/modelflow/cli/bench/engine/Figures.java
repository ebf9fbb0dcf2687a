package dev.modelflow.cli.bench.engine;

import java.util.List;
import java.util.Locale;

/** Numbers as tables show them. */
final class Figures {
  private Figures() {}

  static String decimals(double value, int digits) {
    return String.format(Locale.ROOT, "%." + digits + "f", value);
  }

  /** The median; of an even number the upper one of both in the middle. */
  static double median(List<Double> values) {
    return values.stream().sorted().skip(values.size() / 2).findFirst().orElseThrow();
  }

  /** A share of 1 as a percentage. */
  static String percent(double share, int digits) {
    return decimals(100 * share, digits) + " %";
  }
}
