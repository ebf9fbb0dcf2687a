package dev.modelflow.cli.bench.engine;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/**
 * Memory of a trainer's process, native memory included, while it makes steps.
 *
 * @param precision of its linear layers
 * @param every steps between two numbers
 * @param megabytes that it holds after so many steps, after as many again, and so on
 */
public record MemoryRow(String precision, int every, List<Double> megabytes) {
  /** Copies the list. */
  public MemoryRow {
    megabytes = List.copyOf(megabytes);
  }

  /** Steps up to the last number. */
  @JsonProperty
  public int steps() {
    return every * megabytes.size();
  }

  /** How much more it holds at the end than where the first number was read. */
  @JsonProperty
  public double growthMegabytes() {
    return megabytes.getLast() - megabytes.getFirst();
  }
}
