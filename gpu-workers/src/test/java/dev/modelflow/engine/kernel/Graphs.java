package dev.modelflow.engine.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.modelflow.engine.tensor.Precision;
import dev.modelflow.engine.tensor.Tensors;
import java.util.Random;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** Libtorch's graphs, whose results and slopes kernels must give. */
final class Graphs {
  private Graphs() {}

  /** Normal numbers; some are large in a matrix of every fourth seed. */
  static Matrix random(long seed, int rows, int columns, Precision precision) {
    Random random = new Random(seed);
    float[] values = new float[rows * columns];
    double scale = seed % 4 == 0 ? 8 : 1;
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (scale * random.nextGaussian());
    }
    Tensor tensor = Tensors.floats(values, rows, columns).toType(precision.type());
    return Matrix.of(tensor, rows, columns, precision);
  }

  /** A float32 copy that a graph can begin with. */
  static Tensor leaf(Matrix matrix) {
    Tensor leaf = floats(matrix).clone();
    leaf.set_requires_grad(true);
    return leaf;
  }

  static Tensor floats(Matrix matrix) {
    return matrix.tensor().toType(Precision.FLOAT32.type());
  }

  /** Leaves each leaf's slope in its {@code grad()}. */
  static void backward(Tensor result, Matrix slope) {
    torch.backward(
        new TensorVector(result),
        new TensorVector(floats(slope)),
        new BoolOptional(),
        false,
        new TensorVector());
  }

  /** Equal but for rounding: that of the matrix's precision, and of a few sums. */
  static void assertClose(Matrix actual, Tensor expected) {
    float[] wanted = Tensors.toFloats(expected.detach());
    float[] given = Tensors.toFloats(floats(actual));
    assertThat(given).hasSameSizeAs(wanted);
    double rounding = actual.precision() == Precision.BF16 ? 1.0 / 200 : 2e-5;
    double most = 0;
    for (float value : wanted) {
      most = Math.max(most, Math.abs(value));
    }
    for (int i = 0; i < wanted.length; i++) {
      double slack = rounding * Math.abs(wanted[i]) + 2e-5 * most + 1e-5;
      assertThat((double) given[i]).as("value %d", i).isCloseTo(wanted[i], within(slack));
    }
  }

  /**
   * Equal but for what rounding on the way adds to each row, as a share of the row's length.
   *
   * @param least length that shares are of, for short rows are differences of longer ones
   */
  static void assertRowsClose(Matrix actual, Tensor expected, double rounding, double least) {
    float[] distances = lengths(floats(actual).sub(expected.detach()));
    float[] lengths = lengths(expected.detach());
    for (int row = 0; row < lengths.length; row++) {
      assertThat((double) distances[row])
          .as("row %d", row)
          .isLessThan(rounding * Math.max(lengths[row], least));
    }
  }

  private static float[] lengths(Tensor rows) {
    return Tensors.toFloats(rows.mul(rows).sum(1).sqrt());
  }
}
