package dev.modelflow.cli.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** What befell the runs and what came of it, as text for people that is also Markdown. */
final class Report {
  private final long seed;
  private final String command;
  private final Recoveries recoveries = new Recoveries();
  private final Map<FaultKind, Integer> counts = new EnumMap<>(FaultKind.class);
  private final List<String> findings = new ArrayList<>();
  private Duration undisturbed = Duration.ZERO;
  private Duration disturbed = Duration.ZERO;
  private int runs;
  private int completions;
  private long repeated;
  private boolean stuck;

  /**
   * An empty report.
   *
   * @param command that does the same again
   */
  Report(long seed, String command) {
    this.seed = seed;
    this.command = command;
  }

  Recoveries recoveries() {
    return recoveries;
  }

  /** The run that all others are compared with. */
  void undisturbed(Duration lasted, List<String> wrong) {
    undisturbed = lasted;
    wrong.forEach(finding -> findings.add("undisturbed run: " + finding));
  }

  /** A run that faults befell. */
  void disturbed(String run, List<FaultKind> befell, Campaign.Ended ended, List<String> wrong) {
    runs++;
    befell.forEach(kind -> counts.merge(kind, 1, Integer::sum));
    disturbed = disturbed.plus(ended.lasted());
    repeated += ended.repeated();
    stuck |= !ended.over();
    if (wrong.isEmpty()) {
      completions++;
    }
    wrong.forEach(finding -> findings.add("run " + run + ": " + finding));
  }

  /** Whether another run makes sense: nothing is stuck. */
  boolean goesOn() {
    return !stuck;
  }

  /** Everything that was wrong. */
  List<String> findings() {
    return List.copyOf(findings);
  }

  /** Faults that befell runs. */
  int faults() {
    return counts.values().stream().mapToInt(Integer::intValue).sum();
  }

  /** The report, ending with a line break. */
  String text() {
    StringBuilder text = new StringBuilder();
    text.append("    %s%n%n".formatted(command));
    text.append(
        "Seed %d: %d faults befell %d runs; %d ended with everything as in the undisturbed run.%n"
            .formatted(seed, faults(), runs, completions));
    text.append(
        "That one took %d s, the others %d s in the mean; %d steps were trained again.%n%n"
            .formatted(
                undisturbed.toSeconds(), disturbed.toSeconds() / Math.max(1, runs), repeated));
    text.append("| fault | count | seconds to work again, median | longest |%n".formatted());
    text.append("| --- | --- | --- | --- |%n".formatted());
    counts.forEach((kind, count) -> text.append(line(kind, count)));
    findings.forEach(finding -> text.append("%n- %s".formatted(finding)));
    return text.append("%n".formatted()).toString();
  }

  private String line(FaultKind kind, int count) {
    List<Duration> times = recoveries.of(kind);
    return times.isEmpty()
        ? "| %s | %d | | |%n".formatted(kind.word(), count)
        : "| %s | %d | %.1f | %.1f |%n"
            .formatted(
                kind.word(),
                count,
                times.get(times.size() / 2).toMillis() / 1000.0,
                times.getLast().toMillis() / 1000.0);
  }
}
