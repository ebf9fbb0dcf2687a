package dev.modelflow.bench;

import dev.modelflow.engine.tensor.LibTorch;
import java.util.Arrays;
import java.util.function.DoubleSupplier;
import java.util.stream.DoubleStream;
import org.bytedeco.javacpp.PointerScope;

/** Measures work by the clock. */
final class Clock {
  private Clock() {}

  /** Seconds until {@code work} is done, on a GPU, too; its tensors are freed. */
  static double seconds(Runnable work) {
    LibTorch.await();
    long start = System.nanoTime();
    try (PointerScope _ = new PointerScope()) {
      work.run();
    }
    LibTorch.await();
    return (System.nanoTime() - start) / 1e9;
  }

  /** The median of {@code times} measurements after one that does not count. */
  static double median(int times, DoubleSupplier measurement) {
    return median(DoubleStream.generate(measurement).limit(times + 1L).skip(1).toArray());
  }

  /** The median; of an even number the upper one of both in the middle. */
  static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
