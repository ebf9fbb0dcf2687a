package dev.modelflow.engine.preference;

import dev.modelflow.engine.data.PackedAnswers;
import dev.modelflow.engine.learn.Objective;

/**
 * Length-normalised DPO: minus the log of the sigmoid of beta times (the chosen answer's mean
 * log-probability above the reference's, less the rejected one's). Olmo 3 report, A.6.2. Answers
 * come in pairs: chosen at even places, rejected behind it.
 */
public final class PreferenceObjective implements Objective {
  /** What a batch of pairs showed. */
  public record Outcome(double loss, double margin, double accuracy) {}

  private final PackedAnswers answers;
  private final double[] reference;
  private final double beta;
  private final int pairsInStep;
  private volatile Outcome outcome = new Outcome(0, 0, 0);

  /**
   * An objective over some of a step's pairs.
   *
   * @param reference mean log-probability of each answer under the reference
   * @param pairsInStep pairs over which the step's loss is the mean
   */
  public PreferenceObjective(
      PackedAnswers answers, double[] reference, double beta, int pairsInStep) {
    this.answers = answers;
    this.reference = reference.clone();
    this.beta = beta;
    this.pairsInStep = pairsInStep;
  }

  @Override
  public void gradient(float[] logProbs, float[] gradient) {
    double[] means = answers.means(logProbs);
    double[] onMean = new double[means.length];
    double loss = 0;
    double margins = 0;
    double won = 0;
    for (int chosen = 0; chosen < means.length; chosen += 2) {
      double margin = margin(means, chosen);
      loss += loss(beta, margin);
      margins += margin;
      won += margin > 0 ? 1 : 0;
      onMean[chosen] = -beta / (1 + Math.exp(beta * margin)) / pairsInStep;
      onMean[chosen + 1] = -onMean[chosen];
    }
    for (int i = 0; i < gradient.length; i++) {
      int answer = answers.owner(i);
      gradient[i] = (float) (onMean[answer] / answers.length(answer));
    }
    outcome = new Outcome(loss / pairsInStep, margins / pairsInStep, won / pairsInStep);
  }

  /** What the last call saw, as this part's share of the step's means. */
  public Outcome outcome() {
    return outcome;
  }

  /** Loss of one pair: log(1 + exp(-beta * margin)). */
  public static double loss(double beta, double margin) {
    return Math.log1p(Math.exp(-beta * margin));
  }

  private double margin(double[] means, int chosen) {
    return means[chosen] - reference[chosen] - (means[chosen + 1] - reference[chosen + 1]);
  }
}
