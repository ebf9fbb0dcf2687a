package dev.modelflow.engine.policy;

import dev.modelflow.engine.data.PackedAnswers;
import dev.modelflow.engine.learn.Objective;
import java.util.List;

/**
 * The policy gradient over some rollouts of a step, the mean over all answer tokens of the step. A
 * step makes one update, so that the old log-probabilities are the current ones and no ratio is
 * clipped.
 */
public final class PolicyObjective implements Objective {
  /**
   * Sums over tokens, to be divided by the step's tokens.
   *
   * @param distance between a token's log-probability before the update and the sampler's
   */
  public record Sums(double loss, double weight, double distance) {
    /** Of no tokens. */
    public static final Sums NONE = new Sums(0, 0, 0);

    /** The sum of both. */
    public Sums plus(Sums other) {
      return new Sums(loss + other.loss, weight + other.weight, distance + other.distance);
    }
  }

  /** Of the first update's probabilities to the old ones. */
  private static final double RATIO = 1;

  private final PolicyGradient loss;
  private final PackedAnswers answers;
  private final List<Rollout> rollouts;
  private final int tokensInStep;
  private volatile Sums sums = Sums.NONE;

  /** An objective over {@code rollouts}, packed in {@code answers} in this order. */
  public PolicyObjective(
      PolicyGradient loss, PackedAnswers answers, List<Rollout> rollouts, int tokensInStep) {
    this.loss = loss;
    this.answers = answers;
    this.rollouts = List.copyOf(rollouts);
    this.tokensInStep = tokensInStep;
  }

  @Override
  public void gradient(float[] logProbs, float[] gradient) {
    Sums total = Sums.NONE;
    int within = 0;
    for (int i = 0; i < logProbs.length; i++) {
      within = i > 0 && answers.owner(i) == answers.owner(i - 1) ? within + 1 : 0;
      Rollout rollout = rollouts.get(answers.owner(i));
      double sampled = rollout.answer().logProbs()[within];
      double weight = loss.weight(logProbs[i], sampled);
      double advantage = rollout.advantage();
      gradient[i] = (float) (weight * loss.slope(RATIO, advantage) / tokensInStep);
      total =
          total.plus(
              new Sums(
                  weight * loss.loss(RATIO, advantage), weight, Math.abs(logProbs[i] - sampled)));
    }
    sums = total;
  }

  /** What the last call saw. */
  public Sums sums() {
    return sums;
  }
}
