package dev.modelflow.ledger;

/**
 * One number about one step.
 *
 * @param name e.g. {@code loss}
 * @param step after which it was measured
 * @param value finite
 */
public record Metric(String name, long step, double value) {
  /** Checks the value; throws {@link IllegalArgumentException} when it is not finite. */
  public Metric {
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException(
          "Metric '" + name + "' of step " + step + " is not finite: " + value);
    }
  }
}
