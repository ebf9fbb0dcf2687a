package dev.modelflow.cli.bench.platform;

import java.util.Map;

/**
 * What one measurement came to.
 *
 * @param measure what was measured
 * @param bar what it should be; empty where nothing is asked
 * @param seen what it was, in words
 * @param held whether it was as it should be
 * @param numbers the same for a program, with units in their names
 */
public record Reading(
    String measure, String bar, String seen, boolean held, Map<String, Double> numbers) {
  /** Copies the numbers. */
  public Reading {
    numbers = Map.copyOf(numbers);
  }
}
