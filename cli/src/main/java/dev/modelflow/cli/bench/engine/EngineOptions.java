package dev.modelflow.cli.bench.engine;

import dev.modelflow.bench.BenchSize;
import dev.modelflow.engine.tensor.Device;
import dev.modelflow.engine.tensor.NoDeviceException;
import java.util.List;

/**
 * What is measured, and for how long.
 *
 * @param device that each side computes on
 * @param threads of the processor that each side uses
 * @param sizes of the model
 * @param rounds of each column, besides one that does not count
 * @param seconds of a round; the step that has begun by then is finished
 * @param memorySteps over which a trainer's memory is followed; 0: it is not
 */
public record EngineOptions(
    Device device,
    int threads,
    List<BenchSize> sizes,
    int rounds,
    double seconds,
    int memorySteps) {
  /** Steps over which a trainer's memory should be flat. */
  static final int MEMORY_STEPS = 10_000;

  /** Copies the list; throws {@link IllegalArgumentException} when a number is impossible. */
  public EngineOptions {
    sizes = List.copyOf(sizes);
    require(threads >= 1, "--threads is " + threads + ": use at least 1");
    require(rounds >= 1, "--rounds is " + rounds + ": use at least 1");
    require(seconds > 0, "--seconds is " + seconds + ": use more than 0");
  }

  /**
   * The same with the device's name and those of sizes, none of which stands for all.
   *
   * @throws IllegalArgumentException when there is no such device or size, or a number is
   *     impossible
   */
  public static EngineOptions of(
      String device, int threads, List<String> names, int rounds, double seconds) {
    List<BenchSize> sizes =
        names.isEmpty() ? BenchSize.ALL : names.stream().map(BenchSize::of).toList();
    return new EngineOptions(device(device), threads, sizes, rounds, seconds, MEMORY_STEPS);
  }

  /** The same, but that no trainer's memory is followed. */
  public EngineOptions withoutMemory() {
    return new EngineOptions(device, threads, sizes, rounds, seconds, 0);
  }

  private static Device device(String name) {
    try {
      return Device.of(name);
    } catch (NoDeviceException none) {
      throw new IllegalArgumentException(
          "--device is '%s': use cpu, or cuda:0 for the first GPU".formatted(name), none);
    }
  }

  private static void require(boolean possible, String message) {
    if (!possible) {
      throw new IllegalArgumentException(message);
    }
  }
}
