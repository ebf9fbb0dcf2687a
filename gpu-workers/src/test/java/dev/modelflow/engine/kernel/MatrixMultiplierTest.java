package dev.modelflow.engine.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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

  /** Part of a matrix, and its values in float32. */
  private record Factor(Part part, Tensor exact) {
    /** One that lies {@code before} rows and columns behind a matrix's beginning. */
    static Factor of(long seed, int rows, int columns, int before, boolean turned) {
      return turned ? of(seed, columns, rows, before).turned() : of(seed, rows, columns, before);
    }

    private static Factor of(long seed, int rows, int columns, int before) {
      Matrix matrix = Graphs.random(seed, rows + before, columns + 2 * before, Precision.BF16);
      return new Factor(
          Part.of(matrix, before, before, rows, columns),
          Graphs.floats(matrix).narrow(0, before, rows).narrow(1, before, columns));
    }

    /** One that lies in a matrix whose other values are no numbers. */
    static Factor amidNoNumbers(long seed, int rows, int columns, boolean turned) {
      if (turned) {
        return amidNoNumbers(seed, columns, rows, false).turned();
      }
      Matrix around = Matrix.empty(rows + 64, columns + 128, Precision.BF16);
      around.tensor().fill_(new Scalar(Double.NaN));
      Tensor place = around.tensor().narrow(0, 3, rows).narrow(1, 5, columns);
      place.copy_(Graphs.random(seed, rows, columns, Precision.BF16).tensor());
      return new Factor(
          Part.of(around, 3, 5, rows, columns), place.toType(Precision.FLOAT32.type()));
    }

    private Factor turned() {
      return new Factor(part.turned(), exact.t());
    }
  }

  @Property(tries = 60)
  void productsAreThoseOfFloat32HoweverTheirFactorsLie(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 70) int rows,
      @ForAll @IntRange(min = 1, max = 150) int steps,
      @ForAll @IntRange(min = 1, max = 70) int columns,
      @ForAll @IntRange(min = 0, max = 9) int before,
      @ForAll boolean leftTurned,
      @ForAll boolean rightTurned) {
    with(
        multiplier -> {
          Factor left = Factor.of(seed, rows, steps, before, leftTurned);
          Factor right = Factor.of(seed + 1, steps, columns, before, rightTurned);
          Tensor product = left.exact().mm(right.exact());
          Matrix halves = Matrix.empty(rows, columns, Precision.BF16);
          multiplier.set(left.part(), right.part(), Part.of(halves));
          Graphs.assertClose(halves, product);
          Matrix sums = Matrix.empty(rows, columns, Precision.FLOAT32);
          multiplier.set(left.part(), right.part(), Part.of(sums));
          Graphs.assertClose(sums, product);
          multiplier.add(left.part(), right.part(), Part.of(sums));
          Graphs.assertClose(sums, product.mul(new Scalar(2)));
        });
  }

  /** But for what lies beside rows of a left factor that is not turned. */
  @Property(tries = 60)
  void whatLiesBesideFactorsSaysNothing(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 70) int rows,
      @ForAll @IntRange(min = 1, max = 100) int steps,
      @ForAll @IntRange(min = 1, max = 70) int columns,
      @ForAll boolean leftTurned,
      @ForAll boolean rightTurned) {
    with(
        multiplier -> {
          int whole = Math.ceilDiv(steps, MatrixMultiplier.STEPS) * MatrixMultiplier.STEPS;
          int count = leftTurned ? steps : whole;
          Factor left = Factor.amidNoNumbers(seed, rows, count, leftTurned);
          Factor right = Factor.amidNoNumbers(seed + 1, count, columns, rightTurned);
          Matrix sums = Matrix.empty(rows, columns, Precision.FLOAT32);
          multiplier.set(left.part(), right.part(), Part.of(sums));
          Graphs.assertClose(sums, left.exact().mm(right.exact()));
        });
  }

  @Example
  void aProductThatGoesToAPartOfAMatrixLeavesTheRest() {
    LibTorch.start();
    try (PointerScope _ = new PointerScope();
        MatrixMultiplier multiplier = new MatrixMultiplier()) {
      Matrix left = Graphs.random(1, 3, 8, Precision.FLOAT32);
      Matrix right = Graphs.random(2, 8, 5, Precision.FLOAT32);
      Matrix to = Matrix.empty(6, 9, Precision.FLOAT32);
      to.tensor().fill_(new Scalar(7));
      Tensor wanted = to.tensor().clone();
      wanted.narrow(0, 2, 3).narrow(1, 3, 5).copy_(left.tensor().mm(right.tensor()));
      multiplier.set(Part.of(left), Part.of(right), Part.of(to, 2, 3, 3, 5));
      Graphs.assertClose(to, wanted);
    }
  }

  @Example
  void noPartReachesBeyondItsMatrix() {
    LibTorch.start();
    try (PointerScope _ = new PointerScope()) {
      Matrix matrix = Matrix.empty(4, 6, Precision.BF16);
      assertThatThrownBy(() -> Part.of(matrix, 2, 0, 3, 6))
          .isInstanceOf(IndexOutOfBoundsException.class);
      assertThatThrownBy(() -> Part.of(matrix, 0, 3, 1, 4))
          .isInstanceOf(IndexOutOfBoundsException.class);
    }
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
      multiplier.set(Part.of(left), Part.of(right).turned(), Part.of(sums));
      Graphs.assertClose(sums, product);
      multiplier.add(Part.of(left), Part.of(right).turned(), Part.of(sums));
      Graphs.assertClose(sums, product.mul(new Scalar(2)));
    }
  }

  @Example
  void theSameProductHasTheSameBits() {
    with(
        one -> {
          try (MatrixMultiplier other = new MatrixMultiplier()) {
            Part left = Factor.of(1, 512, 352, 0, true).part();
            Part right = Factor.of(2, 352, 128, 0, false).part();
            Matrix first = Matrix.empty(512, 128, Precision.FLOAT32);
            Matrix second = Matrix.empty(512, 128, Precision.FLOAT32);
            one.set(left, right, Part.of(first));
            other.set(left, right, Part.of(second));
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
      multiplier.set(Part.of(left), Part.of(right), Part.of(to));
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
      long least = Long.MAX_VALUE;
      // What else takes memory in some rounds is not ours; code that is never freed takes it in
      // all.
      for (int round = 0; round < 5; round++) {
        long before = NativeMemory.inUse();
        multiplyManyShapes(multiplier, right);
        least = Math.min(least, NativeMemory.inUse() - before);
      }
      assertThat(least).isLessThan(MatrixMultiplier.KEPT * 256L);
      assertThat(multiplier.kept()).isEqualTo(MatrixMultiplier.KEPT);
    }
  }

  private static void multiplyManyShapes(MatrixMultiplier multiplier, Matrix right) {
    for (int rows = 1; rows <= 2 * MatrixMultiplier.KEPT; rows++) {
      try (PointerScope _ = new PointerScope()) {
        Matrix left = Graphs.random(rows, rows, 16, Precision.FLOAT32);
        Matrix to = Matrix.empty(rows, 8, Precision.FLOAT32);
        multiplier.set(Part.of(left), Part.of(right), Part.of(to));
        Graphs.assertClose(to, left.tensor().mm(right.tensor()));
      }
    }
  }

  @Example
  void matricesThatDoNotFitAreRefused() {
    LibTorch.start();
    try (PointerScope _ = new PointerScope();
        MatrixMultiplier multiplier = new MatrixMultiplier()) {
      Part left = Factor.of(1, 2, 3, 0, false).part();
      Part right = Factor.of(2, 4, 5, 0, false).part();
      Part to = Part.of(Matrix.empty(2, 5, Precision.FLOAT32));
      assertThatThrownBy(() -> multiplier.set(left, right, to))
          .hasMessage("2 x 3 in BF16 times 4 x 5 in BF16 is no 2 x 5 in FLOAT32");
      Part floats = Part.of(Graphs.random(2, 3, 5, Precision.FLOAT32));
      assertThatThrownBy(() -> multiplier.set(left, floats, to))
          .hasMessage("2 x 3 in BF16 times 3 x 5 in FLOAT32 is no 2 x 5 in FLOAT32");
      Part halves = Part.of(Matrix.empty(2, 5, Precision.BF16));
      Part other = Part.of(Graphs.random(1, 2, 3, Precision.FLOAT32));
      assertThatThrownBy(() -> multiplier.set(other, floats, halves))
          .hasMessage("2 x 3 in FLOAT32 times 3 x 5 in FLOAT32 is no 2 x 5 in BF16");
      Part fitting = Factor.of(2, 3, 5, 0, false).part();
      assertThatThrownBy(() -> multiplier.add(left, fitting, halves))
          .hasMessage("Sums are made in float32, not in BF16");
    }
  }
}
