package dev.modelflow.cli.bench.engine;

import java.util.Locale;

/** Numbers as tables show them. */
final class Figures {
  private Figures() {}

  static String decimals(double value, int digits) {
    return String.format(Locale.ROOT, "%." + digits + "f", value);
  }

  /** A share of 1 as a percentage. */
  static String percent(double share, int digits) {
    return decimals(100 * share, digits) + " %";
  }
}
