package dev.modelflow.engine.policy;

import dev.modelflow.engine.data.PackedAnswers;
import dev.modelflow.engine.learn.Objective;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The policy gradient over some rollouts of a step, the mean over all answer tokens of the step.
 */
public final class PolicyObjective implements Objective {
  /**
   * Sums over tokens, to be divided by the step's tokens.
   *
   * @param distance between a token's log-probability before the first update and the sampler's
   */
  public record Sums(double loss, double ratio, double clipped, double weight, double distance) {
    /** Of no tokens. */
    public static final Sums NONE = new Sums(0, 0, 0, 0, 0);

    /** The sum of both. */
    public Sums plus(Sums other) {
      return new Sums(
          loss + other.loss,
          ratio + other.ratio,
          clipped + other.clipped,
          weight + other.weight,
          distance + other.distance);
    }
  }

  private final PolicyGradient loss;
  private final PackedAnswers answers;
  private final List<Rollout> rollouts;
  private final float @Nullable [] old;
  private final int tokensInStep;
  private volatile Sums sums = Sums.NONE;

  /**
   * An objective over {@code rollouts}, packed in {@code answers} in this order.
   *
   * @param old log-probabilities before the first update on these rollouts, in the order of scores;
   *     null: this is the first update, so they are the current ones and the ratio is 1
   */
  public PolicyObjective(
      PolicyGradient loss,
      PackedAnswers answers,
      List<Rollout> rollouts,
      float @Nullable [] old,
      int tokensInStep) {
    this.loss = loss;
    this.answers = answers;
    this.rollouts = List.copyOf(rollouts);
    this.old = old;
    this.tokensInStep = tokensInStep;
  }

  @Override
  public void gradient(float[] logProbs, float[] gradient) {
    Sums total = Sums.NONE;
    int within = 0;
    for (int i = 0; i < logProbs.length; i++) {
      within = i > 0 && answers.owner(i) == answers.owner(i - 1) ? within + 1 : 0;
      Rollout rollout = rollouts.get(answers.owner(i));
      double before = old == null ? logProbs[i] : old[i];
      double ratio = Math.exp(logProbs[i] - before);
      double sampled = rollout.answer().logProbs()[within];
      double weight = loss.weight(before, sampled);
      double advantage = rollout.advantage();
      gradient[i] = (float) (weight * loss.slope(ratio, advantage) / tokensInStep);
      total =
          total.plus(
              new Sums(
                  weight * loss.loss(ratio, advantage),
                  ratio,
                  loss.isClipped(ratio, advantage) ? 1 : 0,
                  weight,
                  Math.abs(before - sampled)));
    }
    sums = total;
  }

  /** What the last call saw. */
  public Sums sums() {
    return sums;
  }

  /** Tokens of answers in this part. */
  public int tokens() {
    return answers.scores();
  }
}
