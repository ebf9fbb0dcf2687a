package dev.modelflow.engine.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelflow.engine.tensor.LibTorch;
import dev.modelflow.engine.tensor.Precision;
import dev.modelflow.engine.tensor.Tensors;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;

class RowsTest {
  /** Any bits at all are rounded as libtorch rounds them. */
  @Property(tries = 50)
  void castsAreThoseOfLibtorch(@ForAll long seed, @ForAll @IntRange(min = 1, max = 70) int width) {
    LibTorch.start();
    try (PointerScope _ = new PointerScope()) {
      Random random = new Random(seed);
      float[] values = new float[3 * width];
      for (int i = 0; i < values.length; i++) {
        float drawn = Float.intBitsToFloat(random.nextInt());
        values[i] = Float.isNaN(drawn) ? Float.NaN : drawn;
      }
      Matrix floats = Matrix.of(Tensors.floats(values, 3, width), 3, width, Precision.FLOAT32);
      Matrix halves = Matrix.empty(3, width, Precision.BF16);
      Rows.copy(floats, halves);
      Tensor expected = floats.tensor().toType(Precision.BF16.type());
      assertThat(Tensors.toFloats(Graphs.floats(halves)))
          .containsExactly(Tensors.toFloats(expected.toType(Precision.FLOAT32.type())));

      Matrix back = Matrix.empty(3, width, Precision.FLOAT32);
      Rows.copy(halves, back);
      assertThat(Tensors.toFloats(back.tensor()))
          .containsExactly(Tensors.toFloats(Graphs.floats(halves)));
    }
  }

  @Property(tries = 50)
  void sumsAreMadeInFloat32(
      @ForAll long seed,
      @ForAll Precision precision,
      @ForAll @IntRange(min = 1, max = 70) int width) {
    LibTorch.start();
    try (PointerScope _ = new PointerScope()) {
      Matrix added = Graphs.random(seed, 4, width, precision);
      Matrix sum = Graphs.random(seed + 1, 4, width, Precision.FLOAT32);
      Tensor expected = sum.tensor().add(Graphs.floats(added), new Scalar(1));
      Rows.add(added, sum);
      assertThat(Tensors.toFloats(sum.tensor())).containsExactly(Tensors.toFloats(expected));
    }
  }

  @Property(tries = 30)
  void whatIsGatheredIsScatteredToWhereItWas(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 40) int width) {
    LibTorch.start();
    try (PointerScope _ = new PointerScope()) {
      Matrix table = Graphs.random(seed, 6, width, Precision.FLOAT32);
      int[] chosen = {5, 0, 5, 2};
      Matrix rows = Matrix.empty(4, width, Precision.FLOAT32);
      Rows.gather(table, chosen, rows);
      Tensor index = Tensors.longs(chosen, 4);
      assertThat(Tensors.toFloats(rows.tensor()))
          .containsExactly(Tensors.toFloats(table.tensor().index_select(0, index)));

      Tensor expected = table.tensor().index_add(0, index, rows.tensor());
      Rows.scatter(rows, chosen, table);
      assertThat(Tensors.toFloats(table.tensor())).containsExactly(Tensors.toFloats(expected));
    }
  }

  @Test
  void whatLiesBeyondAMatrixIsNotTouched() {
    LibTorch.start();
    try (PointerScope _ = new PointerScope()) {
      Matrix small = Matrix.empty(2, 3, Precision.FLOAT32);
      Matrix halves = Matrix.empty(2, 3, Precision.BF16);
      assertThatThrownBy(() -> Rows.read(small, 2, 0, 3, new float[16]))
          .isInstanceOf(IndexOutOfBoundsException.class)
          .hasMessage("Columns 0 to 3 of row 2 are beyond 2 x 3");
      assertThatThrownBy(() -> Rows.read(small, 1, 1, 3, new float[16]))
          .isInstanceOf(IndexOutOfBoundsException.class);
      assertThatThrownBy(() -> Rows.copy(small, Matrix.empty(3, 2, Precision.FLOAT32)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("2 x 3 values do not fit 3 x 2");
      assertThatThrownBy(() -> Rows.add(small, halves))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("Sums are made in float32, not in BF16");
      assertThatThrownBy(() -> Matrix.of(small.tensor().t(), 3, 2, Precision.FLOAT32))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("A tensor of 6 values is no matrix of 3 x 2 in FLOAT32");
    }
  }
}
