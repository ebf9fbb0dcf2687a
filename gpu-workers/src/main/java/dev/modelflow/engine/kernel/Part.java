package dev.modelflow.engine.kernel;

/**
 * Some columns of some rows of a matrix, as products take them: a factor, or where a product goes.
 * It lives as long as the matrix.
 */
public record Part(long address, Layout layout) {
  /** The whole matrix. */
  public static Part of(Matrix matrix) {
    return of(matrix, 0, 0, matrix.rows(), matrix.columns());
  }

  /**
   * The part that begins in this row and column.
   *
   * @throws IndexOutOfBoundsException where the matrix ends before the part
   */
  static Part of(Matrix matrix, int row, int column, int rows, int columns) {
    long _ = matrix.address(row + rows - 1, column, columns);
    return new Part(
        matrix.address(row, column, columns),
        new Layout(rows, columns, matrix.columns(), false, matrix.precision()));
  }

  /** The same values with rows and columns exchanged. */
  public Part turned() {
    return new Part(address, layout.turned());
  }
}
