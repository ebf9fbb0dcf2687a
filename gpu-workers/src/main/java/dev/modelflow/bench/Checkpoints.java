package dev.modelflow.bench;

/**
 * What checkpoints cost the steps beside which they are written.
 *
 * @param every steps between those that were measured
 * @param stepMilliseconds a step of the same stage without any
 * @param heldUpMilliseconds what one adds to its stage: the steps' waiting and what writing takes
 *     from their cores
 */
public record Checkpoints(int every, double stepMilliseconds, double heldUpMilliseconds) {
  /** Which part of training they are when there is one after so many steps. */
  public double share(int interval) {
    return heldUpMilliseconds / (heldUpMilliseconds + interval * stepMilliseconds);
  }

  /** Fewest steps between checkpoints with which they are less than this share of training. */
  public long leastInterval(double share) {
    return 1 + (long) Math.floor(heldUpMilliseconds * (1 - share) / (share * stepMilliseconds));
  }
}
