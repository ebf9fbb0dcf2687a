package dev.modelflow.cli.view;

import java.time.Duration;
import java.util.Locale;

/** Numbers as people read them. */
public final class Numbers {
  private static final String[] UNITS = {"", "k", "M", "G", "T", "P", "E"};

  private Numbers() {}

  /** Three digits and a unit, e.g. {@code 1.05M}. */
  public static String brief(double value) {
    int unit = 0;
    double rest = value;
    while (Math.abs(rest) >= 999.5 && unit < UNITS.length - 1) {
      rest /= 1000;
      unit++;
    }
    if (unit == 0 && rest == Math.rint(rest)) {
      return Long.toString((long) rest);
    }
    int decimals = Math.abs(rest) >= 99.5 ? 0 : Math.abs(rest) >= 9.95 ? 1 : 2;
    return String.format(Locale.ROOT, "%." + decimals + "f%s", rest, UNITS[unit]);
  }

  /** Floating-point operations, e.g. {@code 3.1e15}. */
  public static String flops(double value) {
    return value == 0 ? "" : String.format(Locale.ROOT, "%.1e", value).replace("e+", "e");
  }

  /** Hours, minutes and seconds, the two largest that are not zero. */
  public static String time(Duration duration) {
    long seconds = Math.max(0, duration.toSeconds());
    if (seconds < 60) {
      return seconds + " s";
    }
    if (seconds < 3600) {
      return "%d min %02d s".formatted(seconds / 60, seconds % 60);
    }
    return "%d h %02d min".formatted(seconds / 3600, seconds / 60 % 60);
  }

  /** Bytes, e.g. {@code 5.10MB}. */
  public static String bytes(long bytes) {
    return brief((double) bytes) + "B";
  }
}
