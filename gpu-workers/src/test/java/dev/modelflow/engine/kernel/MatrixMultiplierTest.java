package dev.modelflow.engine.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelflow.engine.kernel.MatrixMultiplier.Factor;
import dev.modelflow.engine.tensor.LibTorch;
import dev.modelflow.engine.tensor.NativeMemory;
import dev.modelflow.engine.tensor.Precision;
import dev.modelflow.engine.tensor.Tensors;
import java.util.function.Consumer;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

class MatrixMultiplierTest {
  /** In a scope, where the processor knows bf16: elsewhere the engine does not ask for it. */
  private static void with(Consumer<MatrixMultiplier> work) {
    LibTorch.start();
    if (MatrixMultiplier.knowsBf16()) {
      try (PointerScope _ = new PointerScope();
          MatrixMultiplier multiplier = new MatrixMultiplier()) {
        work.accept(multiplier);
      }
    }
  }

  private static Factor factor(long seed, int rows, int columns, boolean turned) {
    return turned
        ? Factor.turned(Graphs.random(seed, columns, rows, Precision.BF16))
        : Factor.of(Graphs.random(seed, rows, columns, Precision.BF16));
  }

  /** The factor in float32, as it is multiplied. */
  private static Tensor exact(Factor factor) {
    Tensor values = Graphs.floats(factor.matrix());
    return factor.turned() ? values.t() : values;
  }

  @Property(tries = 60)
  void productsAreThoseOfFloat32HoweverTheirFactorsLie(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 70) int rows,
      @ForAll @IntRange(min = 1, max = 150) int steps,
      @ForAll @IntRange(min = 1, max = 70) int columns,
      @ForAll boolean leftTurned,
      @ForAll boolean rightTurned) {
    with(
        multiplier -> {
          Factor left = factor(seed, rows, steps, leftTurned);
          Factor right = factor(seed + 1, steps, columns, rightTurned);
          Tensor product = exact(left).mm(exact(right));
          Matrix halves = Matrix.empty(rows, columns, Precision.BF16);
          multiplier.set(left, right, halves);
          Graphs.assertClose(halves, product);
          Matrix sums = Matrix.empty(rows, columns, Precision.FLOAT32);
          multiplier.set(left, right, sums);
          Graphs.assertClose(sums, product);
          multiplier.add(left, right, sums);
          Graphs.assertClose(sums, product.mul(new Scalar(2)));
        });
  }

  @Property(tries = 30)
  void productsInFloat32AreThoseOfLibtorch(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 70) int rows,
      @ForAll @IntRange(min = 1, max = 150) int steps,
      @ForAll @IntRange(min = 1, max = 70) int columns) {
    LibTorch.start();
    try (PointerScope _ = new PointerScope();
        MatrixMultiplier multiplier = new MatrixMultiplier()) {
      Matrix left = Graphs.random(seed, rows, steps, Precision.FLOAT32);
      Matrix right = Graphs.random(seed + 1, columns, steps, Precision.FLOAT32);
      Tensor product = left.tensor().mm(right.tensor().t());
      Matrix sums = Matrix.empty(rows, columns, Precision.FLOAT32);
      multiplier.set(Factor.of(left), Factor.turned(right), sums);
      Graphs.assertClose(sums, product);
      multiplier.add(Factor.of(left), Factor.turned(right), sums);
      Graphs.assertClose(sums, product.mul(new Scalar(2)));
    }
  }

  @Example
  void theSameProductHasTheSameBits() {
    with(
        one -> {
          try (MatrixMultiplier other = new MatrixMultiplier()) {
            Factor left = factor(1, 512, 352, true);
            Factor right = factor(2, 352, 128, false);
            Matrix first = Matrix.empty(512, 128, Precision.FLOAT32);
            Matrix second = Matrix.empty(512, 128, Precision.FLOAT32);
            one.set(left, right, first);
            other.set(left, right, second);
            assertThat(Tensors.toFloats(first.tensor()))
                .containsExactly(Tensors.toFloats(second.tensor()));
          }
        });
  }

  /** Nobody has told this thread how many others may help it, and many steps invite them. */
  @Example
  void aThreadOfItsOwnComesToTheSameBits() throws InterruptedException {
    LibTorch.start();
    try (PointerScope _ = new PointerScope()) {
      Matrix left = Graphs.random(1, 1, 4096, Precision.FLOAT32);
      Matrix right = Graphs.random(2, 4096, 16, Precision.FLOAT32);
      Matrix here = Matrix.empty(1, 16, Precision.FLOAT32);
      Matrix there = Matrix.empty(1, 16, Precision.FLOAT32);
      multiply(left, right, here);
      Thread other = Thread.ofPlatform().start(() -> multiply(left, right, there));
      other.join();
      assertThat(Tensors.toFloats(there.tensor())).containsExactly(Tensors.toFloats(here.tensor()));
    }
  }

  private static void multiply(Matrix left, Matrix right, Matrix to) {
    try (MatrixMultiplier multiplier = new MatrixMultiplier()) {
      multiplier.set(Factor.of(left), Factor.of(right), to);
    }
  }

  @Example
  void codeOfManyShapesIsNotKept() {
    LibTorch.start();
    try (PointerScope _ = new PointerScope();
        MatrixMultiplier multiplier = new MatrixMultiplier()) {
      Matrix right = Graphs.random(2, 16, 8, Precision.FLOAT32);
      multiplyManyShapes(multiplier, right);
      assertThat(multiplier.kept()).isEqualTo(MatrixMultiplier.KEPT);
      long before = NativeMemory.inUse();
      for (int round = 0; round < 5; round++) {
        multiplyManyShapes(multiplier, right);
      }
      assertThat(NativeMemory.inUse()).isLessThan(before + 1_000_000);
      assertThat(multiplier.kept()).isEqualTo(MatrixMultiplier.KEPT);
    }
  }

  private static void multiplyManyShapes(MatrixMultiplier multiplier, Matrix right) {
    for (int rows = 1; rows <= 2 * MatrixMultiplier.KEPT; rows++) {
      try (PointerScope _ = new PointerScope()) {
        Matrix left = Graphs.random(rows, rows, 16, Precision.FLOAT32);
        Matrix to = Matrix.empty(rows, 8, Precision.FLOAT32);
        multiplier.set(Factor.of(left), Factor.of(right), to);
        Graphs.assertClose(to, left.tensor().mm(right.tensor()));
      }
    }
  }

  @Example
  void matricesThatDoNotFitAreRefused() {
    LibTorch.start();
    try (PointerScope _ = new PointerScope();
        MatrixMultiplier multiplier = new MatrixMultiplier()) {
      Factor left = factor(1, 2, 3, false);
      Factor right = factor(2, 4, 5, false);
      Matrix to = Matrix.empty(2, 5, Precision.FLOAT32);
      assertThatThrownBy(() -> multiplier.set(left, right, to))
          .hasMessage("2 x 3 in BF16 times 4 x 5 in BF16 is no 2 x 5 in FLOAT32");
      Factor floats = Factor.of(Graphs.random(2, 3, 5, Precision.FLOAT32));
      assertThatThrownBy(() -> multiplier.set(left, floats, to))
          .hasMessage("2 x 3 in BF16 times 3 x 5 in FLOAT32 is no 2 x 5 in FLOAT32");
      Matrix halves = Matrix.empty(2, 5, Precision.BF16);
      Factor other = Factor.of(Graphs.random(1, 2, 3, Precision.FLOAT32));
      assertThatThrownBy(() -> multiplier.set(other, floats, halves))
          .hasMessage("2 x 3 in FLOAT32 times 3 x 5 in FLOAT32 is no 2 x 5 in BF16");
      assertThatThrownBy(() -> multiplier.add(left, factor(2, 3, 5, false), halves))
          .hasMessage("Sums are made in float32, not in BF16");
    }
  }
}
