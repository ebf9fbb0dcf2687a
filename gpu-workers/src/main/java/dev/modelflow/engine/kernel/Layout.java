package dev.modelflow.engine.kernel;

import dev.modelflow.engine.tensor.Precision;

/**
 * How the values of a factor or product lie.
 *
 * @param rows of the factor or product
 * @param columns of the factor or product
 * @param stride values from the beginning of one row to that of the next
 * @param byColumns whether it lies column by column, and {@code stride} is that of columns
 */
record Layout(int rows, int columns, int stride, boolean byColumns, Precision precision) {
  /** That of the same values with rows and columns exchanged. */
  Layout turned() {
    return new Layout(/* rows= */ columns, /* columns= */ rows, stride, !byColumns, precision);
  }

  @Override
  public String toString() {
    return "%d x %d in %s".formatted(rows, columns, precision);
  }
}
