package dev.modelflow.web.graph;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A linear axis.
 *
 * @param low the value at {@code from}
 * @param high the value at {@code to}
 * @param from a position in SVG units
 * @param to a position in SVG units; less than {@code from} for an axis that points up
 */
record Axis(double low, double high, double from, double to) {
  /** Widens an interval without extent, so that everything has a place. */
  Axis {
    if (high <= low) {
      double room = Math.max(Math.abs(low) * 0.1, 1e-9);
      high = low + room;
      low = low - room;
    }
  }

  double place(double value) {
    return from + (value - low) / (high - low) * (to - from);
  }

  /** Round values inside the axis, about {@code wanted} of them. */
  List<Curve.Tick> ticks(int wanted) {
    double step = roundStep((high - low) / wanted);
    List<Curve.Tick> ticks = new ArrayList<>();
    for (double value = Math.ceil(low / step) * step; value <= high + step * 1e-9; value += step) {
      ticks.add(new Curve.Tick(label(value, step), place(value)));
    }
    return ticks;
  }

  private static double roundStep(double rough) {
    double power = Math.pow(10, Math.floor(Math.log10(rough)));
    double lead = rough / power;
    return power * (lead <= 1 ? 1 : lead <= 2 ? 2 : lead <= 5 ? 5 : 10);
  }

  private static String label(double value, double step) {
    double near = Math.abs(value) < step * 1e-6 ? 0 : value;
    if (step >= 1) {
      return Math.abs(near) >= 10_000
          ? String.format(Locale.ROOT, "%.0fk", near / 1000)
          : String.format(Locale.ROOT, "%.0f", near);
    }
    int digits = (int) Math.ceil(-Math.log10(step) - 1e-9);
    return digits > 4
        ? String.format(Locale.ROOT, "%.1e", near)
        : String.format(Locale.ROOT, "%." + digits + "f", near);
  }
}
