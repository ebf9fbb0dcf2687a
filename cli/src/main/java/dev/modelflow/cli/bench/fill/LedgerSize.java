package dev.modelflow.cli.bench.fill;

/**
 * How much a ledger shall hold.
 *
 * @param runs all of them over
 * @param metrics points; half of them belong to one run in 500
 * @param edges of lineage; at least those that the runs' outputs need
 * @param seed decides everything that differs between runs
 */
public record LedgerSize(int runs, int metrics, int edges, long seed) {
  /** Checks the numbers; throws {@link IllegalArgumentException} naming the wrong one. */
  public LedgerSize {
    if (runs < 1) {
      throw new IllegalArgumentException(
          "A ledger of " + runs + " runs shows nothing: take 1 or more");
    }
    if (metrics < 0 || edges < 0) {
      throw new IllegalArgumentException(
          "Metric points (%d) and edges (%d) cannot be less than none".formatted(metrics, edges));
    }
  }
}
