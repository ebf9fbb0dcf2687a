package dev.modelflow.bench;

/**
 * The fastest matrix product that was seen: what linear layers cannot pass.
 *
 * @param gflops billions of floating-point operations a second, all threads together
 * @param size of the square matrices
 * @param transposed whether the second one was read by columns, as a linear layer reads its weights
 */
public record Gemm(double gflops, int size, boolean transposed) {
  /** The faster one. */
  public Gemm max(Gemm other) {
    return gflops >= other.gflops ? this : other;
  }
}
