package dev.modelflow.web.page;

import dev.modelflow.read.MetricPoint;
import dev.modelflow.read.MetricQueries;
import dev.modelflow.read.StageView;
import dev.modelflow.web.graph.Curve;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * One curve of a run, and which others there are.
 *
 * @param stages that have metrics
 * @param names metrics of the chosen stage
 * @param stage that is shown
 * @param metric that is shown
 * @param wide for wide screens
 * @param narrow for narrow screens
 * @param points the same numbers for a table, thinned
 */
record CurveView(
    List<String> stages,
    List<String> names,
    String stage,
    String metric,
    Curve wide,
    Curve narrow,
    List<MetricPoint> points) {
  private static final int WIDE_POINTS = 600;
  private static final int NARROW_POINTS = 200;
  private static final int ROWS = 24;

  static @Nullable CurveView of(
      String run,
      StageView stage,
      Map<String, List<String>> names,
      @Nullable String wanted,
      MetricQueries metrics) {
    List<String> own = names.getOrDefault(stage.name(), List.of());
    String metric = wanted != null && own.contains(wanted) ? wanted : preferred(own);
    List<MetricPoint> all = metrics.curve(run, stage.name(), metric, WIDE_POINTS);
    if (all.isEmpty()) {
      return null;
    }
    List<MetricPoint> points = thinned(all, WIDE_POINTS);
    long steps = Objects.requireNonNullElse(stage.totalSteps(), 0L);
    return new CurveView(
        List.copyOf(names.keySet()),
        own,
        stage.name(),
        metric,
        Curve.of(points, steps, 1080, 300),
        Curve.of(thinned(points, NARROW_POINTS), steps, 330, 230),
        thinned(points, ROWS));
  }

  /** Every n-th point and the last. */
  private static List<MetricPoint> thinned(List<MetricPoint> points, int most) {
    int every = Math.ceilDiv(points.size(), most);
    return IntStream.range(0, points.size())
        .filter(place -> place % every == 0 || place == points.size() - 1)
        .mapToObj(points::get)
        .toList();
  }

  private static String preferred(List<String> names) {
    return names.contains("reward") ? "reward" : names.contains("loss") ? "loss" : names.getFirst();
  }
}
