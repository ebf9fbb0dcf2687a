package dev.modelflow.engine.data;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * What an order of packed rows hangs on, beside the documents' lengths.
 *
 * @param seed of everything random
 * @param rows rows a step
 * @param rowLength tokens a row
 * @param mix share of each source in the tokens; those of no weight are left out
 */
public record RowOrder(long seed, int rows, int rowLength, Map<String, Double> mix) {
  /** Throws {@link IllegalArgumentException} when no source has weight. */
  public RowOrder {
    Map<String, Double> sorted = new TreeMap<>(mix);
    sorted.values().removeIf(weight -> weight <= 0);
    if (sorted.isEmpty()) {
      throw new IllegalArgumentException("The mix is empty: give at least one source a weight");
    }
    mix = Collections.unmodifiableMap(sorted);
  }
}
