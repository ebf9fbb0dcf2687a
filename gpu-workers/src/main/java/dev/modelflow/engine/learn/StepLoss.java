package dev.modelflow.engine.learn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;

/**
 * What a step's micro-batches add up to. Each has a place of its own, so that the sums do not hang
 * on which lane was done first.
 */
public final class StepLoss {
  private final List<double[]> parts = new ArrayList<>();

  /** The step's mean cross entropy in nats, once all lanes are done. */
  public double crossEntropy() {
    return sum(0);
  }

  /** The step's z-loss with its weight, once all lanes are done. */
  public double z() {
    return sum(1);
  }

  /** One after the other, as ranks add theirs; a stream would mend the rounding. */
  private double sum(int which) {
    double sum = 0;
    for (double[] part : parts) {
      sum += part[which];
    }
    return sum;
  }

  /** The objective of one more micro-batch: its targets' part of a mean over {@code targets}. */
  Objective part(int targets) {
    double[] part = new double[2];
    parts.add(part);
    return new Objective() {
      @Override
      public void gradient(float[] logProbs, float[] gradient) {
        double sum = 0;
        for (float logProb : logProbs) {
          sum -= logProb;
        }
        part[0] = sum / targets;
        Arrays.fill(gradient, -1f / targets);
      }

      @Override
      public OptionalDouble slope() {
        return OptionalDouble.of(-1f / targets);
      }

      @Override
      public void zLoss(double loss) {
        part[1] = loss;
      }
    };
  }
}
