package dev.modelflow.engine.optim;

/**
 * A learning rate that rises evenly over the warm-up and then follows its curve to the final rate
 * at the last step. Steps count from 1 (OLMo-core's schedulers).
 */
public record LearningRate(Curve curve, double peak, double last, int warmup, int steps) {
  /** How the rate falls after the warm-up. */
  public enum Curve {
    /** Half a cosine from the peak to the last rate. */
    COSINE,
    /** Evenly from the peak to the last rate. */
    LINEAR,
    /** Not at all. */
    CONSTANT
  }

  /** The rate of one step, from 1 to the last. */
  public double at(int step) {
    if (step < warmup) {
      return peak * step / warmup;
    }
    double done = steps == warmup ? 1 : (double) (step - warmup) / (steps - warmup);
    return switch (curve) {
      case COSINE -> last + (peak - last) * (1 + StrictMath.cos(Math.PI * done)) / 2;
      case LINEAR -> peak + (last - peak) * done;
      case CONSTANT -> peak;
    };
  }
}
