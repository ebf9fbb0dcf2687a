package dev.modelflow.web.graph;

import java.util.Locale;

/** SVG paths between two points. */
final class Curves {
  private Curves() {}

  /** Leaves and arrives horizontally. */
  static String across(int x1, int y1, int x2, int y2) {
    int middle = (x1 + x2) / 2;
    return String.format(
        Locale.ROOT, "M%d %dC%d %d %d %d %d %d", x1, y1, middle, y1, middle, y2, x2, y2);
  }

  /** Leaves and arrives vertically. */
  static String down(int x1, int y1, int x2, int y2) {
    int middle = (y1 + y2) / 2;
    return String.format(
        Locale.ROOT, "M%d %dC%d %d %d %d %d %d", x1, y1, x1, middle, x2, middle, x2, y2);
  }
}
