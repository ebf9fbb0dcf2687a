package dev.modelflow.cli.bench.engine;

import dev.modelflow.bench.BenchSize;
import java.util.List;

/**
 * What is measured, and for how long.
 *
 * @param threads of the processor that each side uses
 * @param sizes of the model
 * @param rounds of each column, besides one that does not count
 * @param seconds of a round; the step that has begun by then is finished
 */
public record EngineOptions(int threads, List<BenchSize> sizes, int rounds, double seconds) {
  /** Copies the list; throws {@link IllegalArgumentException} when a number is impossible. */
  public EngineOptions {
    sizes = List.copyOf(sizes);
    require(threads >= 1, "--threads is " + threads + ": use at least 1");
    require(rounds >= 1, "--rounds is " + rounds + ": use at least 1");
    require(seconds > 0, "--seconds is " + seconds + ": use more than 0");
  }

  /**
   * The same with the names of sizes; none stands for all.
   *
   * @throws IllegalArgumentException when there is no such size, or a number is impossible
   */
  public static EngineOptions of(int threads, List<String> names, int rounds, double seconds) {
    List<BenchSize> sizes =
        names.isEmpty() ? BenchSize.ALL : names.stream().map(BenchSize::of).toList();
    return new EngineOptions(threads, sizes, rounds, seconds);
  }

  private static void require(boolean possible, String message) {
    if (!possible) {
      throw new IllegalArgumentException(message);
    }
  }
}
