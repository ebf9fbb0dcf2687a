package dev.modelflow.engine.optim;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;

/**
 * Says which steps to leave out: those whose loss or gradient norm lies too many standard
 * deviations above the mean of the steps before, left-out ones among them (OLMo-core's
 * SkipStepOptimizer). It lets everything pass until it has seen half a window. A step whose numbers
 * are not finite is left out at any time and not remembered: beside an infinite number none would
 * look usual any more. What it remembers is part of a checkpoint.
 */
public final class SkipStep {
  private final int window;
  private final double deviations;
  private final Deque<Double> losses = new ArrayDeque<>();
  private final Deque<Double> norms = new ArrayDeque<>();
  private long skipped;

  /**
   * A guard that has seen nothing.
   *
   * @param window steps before that count, at least 8
   * @param deviations how many standard deviations above the mean are too many
   */
  public SkipStep(int window, double deviations) {
    if (window < 8) {
      throw new IllegalArgumentException("a window of " + window + " steps: use at least 8");
    }
    this.window = window;
    this.deviations = deviations;
  }

  /** Remembers a step's numbers and says whether to take it. */
  public boolean allows(double loss, double gradientNorm) {
    boolean usual =
        Double.isFinite(loss) && Double.isFinite(gradientNorm) && fits(loss, gradientNorm);
    remember(loss, gradientNorm);
    if (!usual) {
      skipped++;
    }
    return usual;
  }

  private boolean fits(double loss, double gradientNorm) {
    return losses.size() + 1 < window / 2 || (usual(loss, losses) && usual(gradientNorm, norms));
  }

  private boolean usual(double value, Collection<Double> before) {
    double mean = before.stream().mapToDouble(x -> x).sum() / before.size();
    double squares = before.stream().mapToDouble(x -> (x - mean) * (x - mean)).sum();
    return value - mean <= deviations * Math.sqrt(squares / (before.size() - 1));
  }

  private void remember(double loss, double gradientNorm) {
    if (Double.isFinite(loss) && Double.isFinite(gradientNorm)) {
      remember(loss, losses);
      remember(gradientNorm, norms);
    }
  }

  private void remember(double value, Deque<Double> values) {
    values.addLast(value);
    if (values.size() > window) {
      values.removeFirst();
    }
  }

  /** Steps before that count. */
  public int window() {
    return window;
  }

  /** The losses of the last steps, oldest first; at most a window of them. */
  public List<Double> losses() {
    return List.copyOf(losses);
  }

  /** The gradient norms of the same steps. */
  public List<Double> gradientNorms() {
    return List.copyOf(norms);
  }

  /** Steps left out so far. */
  public long skipped() {
    return skipped;
  }

  /**
   * Goes on where another guard was; of a longer window only the last steps count, and none whose
   * numbers are not finite, which OLMo-core's guard remembers.
   */
  public void continueFrom(List<Double> lastLosses, List<Double> lastNorms, long skippedBefore) {
    losses.clear();
    norms.clear();
    for (int i = 0; i < lastLosses.size(); i++) {
      remember(lastLosses.get(i), lastNorms.get(i));
    }
    skipped = skippedBefore;
  }
}
