package dev.modelflow.calibrate;

import dev.modelflow.engine.tensor.Lanes;
import dev.modelflow.engine.tensor.Tensors;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Large matrix products on every lane at once. */
final class Products {
  private static final int SIZE = 768;
  private static final int REPEATS = 4;

  private Products() {}

  /** Billions of floating-point operations a second, of all lanes together. */
  static double gigaflops(Lanes lanes, ScalarType type) {
    double slowest =
        lanes.run(lane -> seconds(type)).stream().mapToDouble(it -> it).max().orElseThrow();
    return lanes.count() * REPEATS * 2.0 * SIZE * SIZE * SIZE / slowest / 1e9;
  }

  private static double seconds(ScalarType type) {
    try (PointerScope _ = new PointerScope()) {
      Tensor factor = Tensors.zeros(SIZE, SIZE).to(type);
      Tensor product = Tensors.zeros(SIZE, SIZE).to(type);
      torch.mm_out(product, factor, factor);
      long start = System.nanoTime();
      for (int i = 0; i < REPEATS; i++) {
        torch.mm_out(product, factor, factor);
      }
      return (System.nanoTime() - start) / 1e9;
    }
  }
}
