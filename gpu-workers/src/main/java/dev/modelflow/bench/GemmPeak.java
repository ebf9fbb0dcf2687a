package dev.modelflow.bench;

import dev.modelflow.engine.kernel.Matrix;
import dev.modelflow.engine.kernel.MatrixMultiplier;
import dev.modelflow.engine.kernel.Part;
import dev.modelflow.engine.tensor.Device;
import dev.modelflow.engine.tensor.Lanes;
import dev.modelflow.engine.tensor.LibTorch;
import dev.modelflow.engine.tensor.Precision;
import dev.modelflow.engine.tensor.Tensors;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Multiplies square matrices of several sizes, one pair on each lane at the same time: by libtorch,
 * and by oneDNN itself where the engine has it multiply so.
 */
public final class GemmPeak {
  private static final int[] SIZES = {512, 768, 1024, 1536, 2048};
  private static final int ROUNDS = 3;

  /** Operations of a round on each lane, or one product: 50 ms where a core does 100 GFLOP/s. */
  private static final double OPERATIONS = 5e9;

  /** Smaller ones would not fill a GPU. */
  private static final int[] SIZES_OF_A_GPU = {2048, 4096, 8192};

  /** 50 ms where a GPU does 200 TFLOP/s. */
  private static final double OPERATIONS_OF_A_GPU = 1e13;

  private final Lanes lanes;
  private final ScalarType type;

  /** Products of this type on these lanes. */
  public GemmPeak(Lanes lanes, ScalarType type) {
    this.lanes = lanes;
    this.type = type;
  }

  /** The best of all sizes, both ways to read the second matrix, and some rounds of each. */
  Gemm measure() {
    return LibTorch.device() == Device.CPU
        ? measure(SIZES, OPERATIONS)
        : measure(SIZES_OF_A_GPU, OPERATIONS_OF_A_GPU);
  }

  /**
   * The best of these sizes.
   *
   * @param operations floating-point operations of a round on each lane; at least one product is
   *     made
   */
  public Gemm measure(int[] sizes, double operations) {
    Gemm best = new Gemm(0, 0, false);
    for (int round = 0; round < ROUNDS; round++) {
      for (int size : sizes) {
        best = best.max(product(size, false, operations)).max(product(size, true, operations));
      }
    }
    return best;
  }

  private Gemm product(int size, boolean transposed, double operations) {
    Gemm libtorch = product(size, transposed, operations, this::libtorch);
    return isOneDnns()
        ? libtorch.max(product(size, transposed, operations, this::oneDnn))
        : libtorch;
  }

  private boolean isOneDnns() {
    return type == ScalarType.BFloat16
        && LibTorch.device() == Device.CPU
        && MatrixMultiplier.knowsBf16();
  }

  private Gemm product(int size, boolean transposed, double operations, Products products) {
    double each = 2.0 * size * size * size;
    int times = Math.max(1, (int) (operations / each));
    double seconds =
        lanes.run(lane -> products.seconds(size, transposed, times)).stream()
            .mapToDouble(own -> own)
            .max()
            .orElseThrow();
    return new Gemm(lanes.count() * times * each / seconds / 1e9, size, transposed);
  }

  /** Some products, one after the other. */
  private interface Products {
    /** Seconds of the products alone; one before them does not count. */
    double seconds(int size, boolean transposed, int times);
  }

  private double libtorch(int size, boolean transposed, int times) {
    Tensor left = random(size);
    Tensor right = transposed ? random(size).t() : random(size);
    Tensor product = Tensors.empty(type, size, size);
    return repeated(times, () -> torch.mm_out(product, left, right));
  }

  private double oneDnn(int size, boolean transposed, int times) {
    Part left = part(random(size), size);
    Part right = part(random(size), size);
    Part factor = transposed ? right.turned() : right;
    Part product = part(Tensors.empty(type, size, size), size);
    try (MatrixMultiplier multiplier = new MatrixMultiplier()) {
      return repeated(times, () -> multiplier.set(left, factor, product));
    }
  }

  private static Part part(Tensor square, int size) {
    return Part.of(Matrix.of(square, size, size, Precision.BF16));
  }

  private static double repeated(int times, Runnable product) {
    product.run();
    return Clock.seconds(
        () -> {
          for (int i = 0; i < times; i++) {
            product.run();
          }
        });
  }

  private Tensor random(int size) {
    return Tensors.empty(ScalarType.Float, size, size).normal_().to(type);
  }
}
