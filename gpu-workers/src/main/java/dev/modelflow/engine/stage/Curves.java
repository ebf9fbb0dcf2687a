package dev.modelflow.engine.stage;

import java.util.DoubleSummaryStatistics;
import java.util.LinkedHashMap;
import java.util.Map;

/** What the steps since the last event add up to, and the speed of recent steps. */
final class Curves {
  private static final double NANOS = 1e9;

  /** How much of the remembered speed a second of new steps leaves. */
  private static final double MEMORY_SECONDS = 5;

  private final Map<String, DoubleSummaryStatistics> seen = new LinkedHashMap<>();
  private final Map<String, Long> counted = new LinkedHashMap<>();
  private long tokens;
  private long before = System.nanoTime();
  private double speed;

  void add(StepMaker.Report report, double rate) {
    long now = System.nanoTime();
    double seconds = (now - before) / NANOS;
    before = now;
    double latest = report.tokens() / Math.max(seconds, 1e-9);
    double keep = Math.exp(-seconds / MEMORY_SECONDS);
    speed = tokens == 0 ? latest : keep * speed + (1 - keep) * latest;
    tokens += report.tokens();
    report.values().forEach(this::note);
    report.counts().forEach((name, count) -> counted.merge(name, count, Long::sum));
    note("learningRate", rate);
  }

  double tokensPerSecond() {
    return speed;
  }

  /** The means of the values, and the sums of the counts, of the steps since the last call. */
  Map<String, Double> point() {
    Map<String, Double> point = new LinkedHashMap<>();
    seen.forEach((name, values) -> point.put(name, values.getAverage()));
    seen.clear();
    counted.forEach((name, count) -> point.put(name, (double) count));
    counted.clear();
    return point;
  }

  /** A step that was left out for its infinite gradient norm is missing from that curve. */
  private void note(String name, double value) {
    if (Double.isFinite(value)) {
      seen.computeIfAbsent(name, any -> new DoubleSummaryStatistics()).accept(value);
    }
  }
}
