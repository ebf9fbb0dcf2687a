package dev.modelflow.engine.optim;

/**
 * A learning rate that rises evenly over the warm-up and then follows its curve to the last rate.
 * Steps count from 1 (OLMo-core's schedulers).
 *
 * @param curve from the warm-up on
 * @param peak the highest rate; of a {@link Curve.HalfCosine}, that of the whole cosine
 * @param last the rate at {@code end}
 * @param warmup steps of even rise from 0
 * @param end the step at which the curve ends; a stage that makes fewer is cut off before
 * @param steps that the stage makes
 */
public record LearningRate(Curve curve, double peak, double last, int warmup, int end, int steps) {
  /** A rate whose curve ends with the stage's steps. */
  public LearningRate(Curve curve, double peak, double last, int warmup, int steps) {
    this(curve, peak, last, warmup, steps, steps);
  }

  /** The rate of one step, from 1 to the last. */
  public double at(int step) {
    if (step < warmup) {
      return top() * step / warmup;
    }
    if (step >= end && !(curve instanceof Curve.Constant)) {
      return last;
    }
    return switch (curve) {
      case Curve.Cosine _ -> cosine(done(step));
      case Curve.HalfCosine _ -> cosine((1 + done(step)) / 2);
      case Curve.Linear _ -> peak + (last - peak) * done(step);
      case Curve.Stable stable ->
          last + (peak - last) * Math.min(end - step, stable.decay()) / stable.decay();
      case Curve.Constant _ -> peak;
    };
  }

  /** The rate that the warm-up leads to. */
  private double top() {
    return curve instanceof Curve.HalfCosine ? last + (peak - last) / 2 : peak;
  }

  /** The share of the way from the warm-up to the end; only before the end. */
  private double done(int step) {
    return (double) (step - warmup) / (end - warmup);
  }

  private double cosine(double done) {
    return last + (peak - last) * (1 + StrictMath.cos(Math.PI * done)) / 2;
  }
}
