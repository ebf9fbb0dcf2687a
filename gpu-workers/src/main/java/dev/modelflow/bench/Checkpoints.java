package dev.modelflow.bench;

/**
 * What checkpoints cost the steps beside which they are written.
 *
 * @param every steps between those that were measured
 * @param stepMilliseconds a step of the same stage without any
 * @param waitMilliseconds how long training waits for one, on average: while it is handed over to
 *     be written, also for the one before, and until a step may change what is copied
 * @param longestWaitMilliseconds the most that it waited for one
 * @param addedMilliseconds what one adds to its stage: the waiting and what writing takes from the
 *     steps' cores; the difference of two stages, so that noise may make it less than nothing
 */
public record Checkpoints(
    int every,
    double stepMilliseconds,
    double waitMilliseconds,
    double longestWaitMilliseconds,
    double addedMilliseconds) {
  /** Which part of training they are when there is one after so many steps. */
  public double share(int interval) {
    double added = Math.max(0, addedMilliseconds);
    return added / (added + interval * stepMilliseconds);
  }

  /** Fewest steps between checkpoints with which they are less than this share of training. */
  public long leastInterval(double share) {
    double steps = addedMilliseconds * (1 - share) / (share * stepMilliseconds);
    return 1 + (long) Math.floor(Math.max(0, steps));
  }
}
