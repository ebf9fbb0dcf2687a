package dev.modelflow.cli.bench.engine;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How fast a column trained.
 *
 * @param tokensPerSecond the median of its rounds; 0 where it failed
 * @param rounds tokens a second of each, in their order
 * @param failure why it could not be measured; null: it was
 */
public record Rate(double tokensPerSecond, List<Double> rounds, @Nullable String failure) {
  /** Copies the list. */
  public Rate {
    rounds = List.copyOf(rounds);
  }

  static Rate of(List<Double> rounds) {
    return new Rate(Figures.median(rounds), rounds, null);
  }

  static Rate failed(String why) {
    return new Rate(0, List.of(), why);
  }

  /** Whether it could be measured. */
  boolean measured() {
    return failure == null;
  }
}
