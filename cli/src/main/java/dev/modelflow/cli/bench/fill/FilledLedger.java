package dev.modelflow.cli.bench.fill;

import java.util.List;

/**
 * What a filled ledger holds, and which of it is worth asking for.
 *
 * @param runs ids of all runs, oldest first
 * @param longRuns those with by far the most metric points
 * @param whole succeeded runs whose objects are in the store too, to branch from
 * @param sources artifacts that a large part of all others was made from
 * @param artifacts ordinary ones, each of another run
 * @param metrics number of points
 * @param edges number of edges
 * @param seconds that filling took
 */
public record FilledLedger(
    List<String> runs,
    List<String> longRuns,
    List<WholeRun> whole,
    List<String> sources,
    List<String> artifacts,
    long metrics,
    long edges,
    double seconds) {
  /** Copies the lists. */
  public FilledLedger {
    runs = List.copyOf(runs);
    longRuns = List.copyOf(longRuns);
    whole = List.copyOf(whole);
    sources = List.copyOf(sources);
    artifacts = List.copyOf(artifacts);
  }

  /**
   * A run to branch from.
   *
   * @param run its id
   * @param checkpoint one in the middle of a late stage, as {@code stage@step}
   */
  public record WholeRun(String run, String checkpoint) {}
}
