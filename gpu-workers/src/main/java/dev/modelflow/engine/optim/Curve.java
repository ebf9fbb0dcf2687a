package dev.modelflow.engine.optim;

/** How a learning rate goes from its highest to its last after the warm-up. */
public sealed interface Curve {
  /** Half a cosine from the peak to the last rate. */
  record Cosine() implements Curve {}

  /**
   * The second half of {@link Cosine}: from half way between the peak and the last rate, to which
   * the warm-up leads, to the last rate. It goes on with a cosine over another number of steps.
   */
  record HalfCosine() implements Curve {}

  /** Evenly from the peak to the last rate. */
  record Linear() implements Curve {}

  /**
   * The peak, and at the end evenly to the last rate (warm-up, stable, decay).
   *
   * @param decay steps of the fall, at least 1
   */
  record Stable(int decay) implements Curve {
    /** Refuses a fall without steps. */
    public Stable {
      if (decay < 1) {
        throw new IllegalArgumentException("a fall of " + decay + " steps: use at least 1");
      }
    }
  }

  /** The peak, whatever the last rate is. */
  record Constant() implements Curve {}
}
