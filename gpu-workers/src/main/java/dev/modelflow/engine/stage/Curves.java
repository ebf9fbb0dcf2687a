package dev.modelflow.engine.stage;

import java.util.DoubleSummaryStatistics;
import java.util.LinkedHashMap;
import java.util.Map;

/** Means of the numbers of the steps since the last event, and the speed of recent steps. */
final class Curves {
  private static final double NANOS = 1e9;

  /** How much of the remembered speed a second of new steps leaves. */
  private static final double MEMORY_SECONDS = 5;

  private final Map<String, DoubleSummaryStatistics> seen = new LinkedHashMap<>();
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
    note("learningRate", rate);
  }

  double tokensPerSecond() {
    return speed;
  }

  /** The means of the steps since the last call. */
  Map<String, Double> means() {
    Map<String, Double> means = new LinkedHashMap<>();
    seen.forEach((name, values) -> means.put(name, values.getAverage()));
    seen.clear();
    return means;
  }

  private void note(String name, double value) {
    seen.computeIfAbsent(name, any -> new DoubleSummaryStatistics()).accept(value);
  }
}
