package dev.modelflow.web.graph;

import dev.modelflow.read.MetricPoint;
import java.util.ArrayList;
import java.util.List;

/**
 * A metric over steps: what was reported, thin, and its running mean, bold.
 *
 * @param width in SVG units
 * @param height in SVG units
 * @param top where the plot begins
 * @param bottom where the plot ends
 * @param left where the plot begins
 * @param right where the plot ends
 * @param raw path of the reported values
 * @param smooth path of the running mean
 * @param columns ticks of the steps' axis
 * @param rows ticks of the values' axis
 * @param points for reading by pointer: JSON list of x, y, step and value
 */
public record Curve(
    int width,
    int height,
    int top,
    int bottom,
    int left,
    int right,
    String raw,
    String smooth,
    List<Tick> columns,
    List<Tick> rows,
    String points) {
  /** A label and its position in SVG units. */
  public record Tick(String label, double at) {}

  private static final int LEFT = 44;
  private static final int BOTTOM = 26;
  private static final int TOP = 12;
  private static final int RIGHT = 10;

  /**
   * Draws the points, of which there is at least one.
   *
   * @param steps the last step of the axis
   */
  public static Curve of(List<MetricPoint> points, long steps, int width, int height) {
    double low = points.stream().mapToDouble(MetricPoint::value).min().orElseThrow();
    double high = points.stream().mapToDouble(MetricPoint::value).max().orElseThrow();
    double room = (high - low) * 0.05;
    long last = Math.max(steps, points.getLast().step());
    Axis x = new Axis(Math.min(0, points.getFirst().step()), last, LEFT, width - RIGHT);
    Axis y = new Axis(low - room, high + room, height - BOTTOM, TOP);
    return new Curve(
        width,
        height,
        TOP,
        height - BOTTOM,
        LEFT,
        width - RIGHT,
        path(points, x, y),
        path(smoothed(points), x, y),
        x.ticks(width > 500 ? 8 : 4),
        y.ticks(5),
        json(points, x, y));
  }

  /** A running mean over about a fortieth of the points, without the lag at the beginning. */
  private static List<MetricPoint> smoothed(List<MetricPoint> points) {
    double keep = 1 - 1 / Math.max(1, points.size() / 40.0);
    List<MetricPoint> smooth = new ArrayList<>();
    double sum = 0;
    double weight = 0;
    for (MetricPoint point : points) {
      sum = keep * sum + point.value();
      weight = keep * weight + 1;
      smooth.add(new MetricPoint(point.step(), sum / weight));
    }
    return smooth;
  }

  private static String path(List<MetricPoint> points, Axis x, Axis y) {
    StringBuilder path = new StringBuilder();
    for (MetricPoint point : points) {
      path.append(path.isEmpty() ? 'M' : 'L');
      Decimals.tenths(path, x.place((double) point.step()));
      path.append(' ');
      Decimals.tenths(path, y.place(point.value()));
    }
    return path.toString();
  }

  private static String json(List<MetricPoint> points, Axis x, Axis y) {
    StringBuilder json = new StringBuilder("[");
    String separator = "";
    for (MetricPoint point : points) {
      json.append(separator).append('[');
      Decimals.tenths(json, x.place((double) point.step()));
      json.append(',');
      Decimals.tenths(json, y.place(point.value()));
      json.append(',').append(point.step()).append(',');
      Decimals.fiveDigits(json, point.value());
      json.append(']');
      separator = ",";
    }
    return json.append(']').toString();
  }
}
