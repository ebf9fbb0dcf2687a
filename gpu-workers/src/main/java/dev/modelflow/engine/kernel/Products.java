package dev.modelflow.engine.kernel;

import static dev.modelflow.engine.kernel.Vectors.FLOATS;
import static dev.modelflow.engine.kernel.Vectors.LANES;

import jdk.incubator.vector.FloatVector;

/**
 * Products of small matrices in arrays, for which a library's call costs more than its work. Sums
 * run over the steps in their order, with one rounding a step.
 */
final class Products {
  /** Rows of a tile: with {@link #COLUMNS}, eight sums, which hide how long an addition takes. */
  static final int ROWS = 4;

  /** Columns of a tile. */
  static final int COLUMNS = 2 * LANES;

  private Products() {}

  /** The next multiple of {@link #COLUMNS}. */
  static int padded(int columns) {
    return Math.ceilDiv(columns, COLUMNS) * COLUMNS;
  }

  /** The next multiple of {@link #ROWS}. */
  static int paddedRows(int rows) {
    return Math.ceilDiv(rows, ROWS) * ROWS;
  }

  /**
   * A matrix within a panel.
   *
   * @param at where its first value lies
   * @param row from one row to the next
   * @param column from one column to the next
   */
  record View(Panel panel, int at, int row, int column) {}

  /**
   * Adds a product to {@code sums}.
   *
   * @param left [rows, steps]
   * @param right [steps, columns], its columns one behind the other
   * @param sums [rows, columns], likewise
   * @param rows computed in whole tiles: those that fill the last one are read and written, too
   * @param columns likewise
   */
  static void add(View left, View right, View sums, int rows, int columns, int steps) {
    for (int row = 0; row < rows; row += ROWS) {
      int leftAt = left.at() + row * left.row();
      int sumAt = sums.at() + row * sums.row();
      for (int column = 0; column < columns; column += COLUMNS) {
        tile(left, leftAt, right, right.at() + column, sums, sumAt + column, steps);
      }
    }
  }

  private static void tile(
      View leftView, int leftAt, View rightView, int rightAt, View sumView, int sumAt, int steps) {
    float[] left = leftView.panel().values();
    int leftRow = leftView.row();
    int leftStep = leftView.column();
    float[] right = rightView.panel().values();
    int rightStep = rightView.row();
    float[] sums = sumView.panel().values();
    int at1 = sumAt + sumView.row();
    int at2 = at1 + sumView.row();
    int at3 = at2 + sumView.row();
    FloatVector sum00 = FloatVector.fromArray(FLOATS, sums, sumAt);
    FloatVector sum01 = FloatVector.fromArray(FLOATS, sums, sumAt + LANES);
    FloatVector sum10 = FloatVector.fromArray(FLOATS, sums, at1);
    FloatVector sum11 = FloatVector.fromArray(FLOATS, sums, at1 + LANES);
    FloatVector sum20 = FloatVector.fromArray(FLOATS, sums, at2);
    FloatVector sum21 = FloatVector.fromArray(FLOATS, sums, at2 + LANES);
    FloatVector sum30 = FloatVector.fromArray(FLOATS, sums, at3);
    FloatVector sum31 = FloatVector.fromArray(FLOATS, sums, at3 + LANES);
    int of = leftAt;
    int by = rightAt;
    for (int step = 0; step < steps; step++) {
      FloatVector first = FloatVector.fromArray(FLOATS, right, by);
      FloatVector second = FloatVector.fromArray(FLOATS, right, by + LANES);
      FloatVector left0 = FloatVector.broadcast(FLOATS, left[of]);
      FloatVector left1 = FloatVector.broadcast(FLOATS, left[of + leftRow]);
      FloatVector left2 = FloatVector.broadcast(FLOATS, left[of + 2 * leftRow]);
      FloatVector left3 = FloatVector.broadcast(FLOATS, left[of + 3 * leftRow]);
      sum00 = left0.fma(first, sum00);
      sum01 = left0.fma(second, sum01);
      sum10 = left1.fma(first, sum10);
      sum11 = left1.fma(second, sum11);
      sum20 = left2.fma(first, sum20);
      sum21 = left2.fma(second, sum21);
      sum30 = left3.fma(first, sum30);
      sum31 = left3.fma(second, sum31);
      of += leftStep;
      by += rightStep;
    }
    sum00.intoArray(sums, sumAt);
    sum01.intoArray(sums, sumAt + LANES);
    sum10.intoArray(sums, at1);
    sum11.intoArray(sums, at1 + LANES);
    sum20.intoArray(sums, at2);
    sum21.intoArray(sums, at2 + LANES);
    sum30.intoArray(sums, at3);
    sum31.intoArray(sums, at3 + LANES);
  }
}
