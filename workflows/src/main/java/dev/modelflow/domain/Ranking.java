package dev.modelflow.domain;

import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The report of a microanneal: what each candidate changed against the web alone.
 *
 * @param rankBy the tasks whose mean ranks
 * @param seeds anneals of each candidate and of the web alone
 * @param confidence share of all such reports in which every true change lies within its noise
 * @param candidates best first
 */
public record Ranking(
    List<String> rankBy, int seeds, double confidence, List<Candidate> candidates) {
  /** The report's file in its artifact. */
  public static final String FILE = "ranking.json";

  /** What a stage of kind microanneal calls the artifact. */
  public static final String OUTPUT = "ranking";

  /** Copies the lists. */
  public Ranking {
    rankBy = List.copyOf(rankBy);
    candidates = List.copyOf(candidates);
  }

  /**
   * A candidate.
   *
   * @param candidate its name
   * @param overall the change of the mean over the tasks that rank
   * @param tasks the change of each task that was measured
   */
  public record Candidate(String candidate, Change overall, List<Change> tasks) {
    /** Copies the list. */
    public Candidate {
      tasks = List.copyOf(tasks);
    }

    /** What ranks, then every task; a task that ranks alone is one row. */
    public List<Change> rows() {
      return Stream.concat(Stream.of(overall), tasks.stream()).distinct().toList();
    }
  }

  /**
   * A change against the web alone.
   *
   * @param task one task, or several with {@code +} between them: their mean
   * @param metric of the values
   * @param higherIsBetter which direction is good
   * @param web mean over the anneals of the web alone
   * @param value mean over the candidate's anneals
   * @param change {@code value - web}
   * @param standardError of the change, over seeds and over what was asked
   * @param noise half the width of the change's confidence interval; null where nothing is known
   *     about it
   * @param verdict undecided within the noise
   */
  public record Change(
      String task,
      String metric,
      boolean higherIsBetter,
      double web,
      double value,
      double change,
      double standardError,
      @Nullable Double noise,
      Verdict verdict) {
    /** The change in the good direction. */
    public double gain() {
      return higherIsBetter ? change : -change;
    }
  }
}
