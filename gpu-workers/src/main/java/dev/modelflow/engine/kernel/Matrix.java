package dev.modelflow.engine.kernel;

import dev.modelflow.engine.tensor.Precision;
import dev.modelflow.engine.tensor.Tensors;
import org.bytedeco.pytorch.Tensor;

/**
 * Rows of values that lie back to back in this process's memory, for libtorch as a tensor and for
 * kernels as an address. It lives as long as its tensor.
 */
public record Matrix(Tensor tensor, long address, int rows, int columns, Precision precision) {
  /** An uninitialised one in the caller's scope. */
  public static Matrix empty(int rows, int columns, Precision precision) {
    Tensor tensor = Tensors.empty(precision.type(), rows, columns);
    return new Matrix(tensor, tensor.data_ptr().address(), rows, columns, precision);
  }

  /**
   * The memory of a tensor on the processor.
   *
   * @param tensor contiguous, of {@code rows * columns} values of {@code precision}
   */
  public static Matrix of(Tensor tensor, int rows, int columns, Precision precision) {
    boolean fits =
        tensor.is_contiguous()
            && tensor.is_cpu()
            && tensor.numel() == (long) rows * columns
            && tensor.element_size() == precision.bytes();
    if (!fits) {
      throw new IllegalArgumentException(
          "A tensor of %d values is no matrix of %d x %d in %s"
              .formatted(tensor.numel(), rows, columns, precision));
    }
    return new Matrix(tensor, tensor.data_ptr().address(), rows, columns, precision);
  }

  /** Whether it has this shape. */
  boolean is(int rows, int columns, Precision precision) {
    return this.rows == rows && this.columns == columns && this.precision == precision;
  }

  /** The first rows, in the same memory. */
  public Matrix first(int count) {
    if (count < 0 || count > rows) {
      throw new IndexOutOfBoundsException("%d rows are beyond %d".formatted(count, rows));
    }
    return new Matrix(tensor, address, count, columns, precision);
  }

  /** Where the values of a row from a column on lie; throws where there are fewer than count. */
  long address(int row, int column, int count) {
    if (row < 0 || row >= rows || column < 0 || column + count > columns) {
      throw new IndexOutOfBoundsException(
          "Columns %d to %d of row %d are beyond %d x %d"
              .formatted(column, column + count, row, rows, columns));
    }
    return address + ((long) row * columns + column) * precision.bytes();
  }
}
