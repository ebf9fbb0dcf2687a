package dev.modelflow.web.graph;

import java.math.BigDecimal;
import java.math.MathContext;

/**
 * Writes numbers by the thousand, as curves need them; a format string would have to be read anew
 * for each of them.
 */
final class Decimals {
  private static final MathContext FIVE_DIGITS = new MathContext(5);

  private Decimals() {}

  /** With one digit behind the point, halves away from zero. */
  static void tenths(StringBuilder text, double value) {
    long tenths = Math.round(Math.abs(value) * 10);
    if (value < 0 && tenths > 0) {
      text.append('-');
    }
    text.append(tenths / 10).append('.').append(tenths % 10);
  }

  /** With five digits that count, as JSON, which has no word for what is not finite. */
  static void fiveDigits(StringBuilder text, double value) {
    if (Double.isFinite(value)) {
      text.append(new BigDecimal(value).round(FIVE_DIGITS));
    } else {
      text.append("null");
    }
  }
}
