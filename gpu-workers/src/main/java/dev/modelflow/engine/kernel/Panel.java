package dev.modelflow.engine.kernel;

import static dev.modelflow.engine.kernel.Vectors.FLOATS;
import static dev.modelflow.engine.kernel.Vectors.LANES;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/**
 * A small matrix in an array, row by row, padded to whole tiles of {@link Products}. What pads its
 * columns stays 0 where its rows are read from matrices.
 */
final class Panel {
  /** As many columns are turned at once as fit a few cache lines of each row. */
  private static final int TURNED_AT_ONCE = 16;

  private final float[] values;
  private final int columns;
  private final int stride;

  /** One of zeros. */
  Panel(int rows, int columns) {
    this.columns = columns;
    stride = Products.padded(columns);
    values = new float[Math.multiplyExact(Products.paddedRows(rows), stride)];
  }

  float[] values() {
    return values;
  }

  /** Where a row begins. */
  int at(int row) {
    return row * stride;
  }

  /** Its values from these on, as a product takes them. */
  Products.View from(int row, int column) {
    return new Products.View(this, at(row) + column, stride, 1);
  }

  /** The same with rows as columns. */
  Products.View turned(int row, int column) {
    return new Products.View(this, at(row) + column, 1, stride);
  }

  void clear() {
    Arrays.fill(values, 0);
  }

  /** Sets the first {@code count} values of these rows to 0. */
  void clear(int from, int to, int count) {
    for (int i = from; i < to; i++) {
      Arrays.fill(values, at(i), at(i) + count, 0);
    }
  }

  /** Its first rows become those of {@code from}, from a column on. */
  void read(Matrix from, int first, int column, int count) {
    for (int i = 0; i < count; i++) {
      Rows.read(from, first + i, column, columns, values, at(i));
    }
  }

  /** Writes its first rows to those of {@code to}, from a column on. */
  void write(Matrix to, int first, int column, int count) {
    for (int i = 0; i < count; i++) {
      Rows.write(values, at(i), to, first + i, column, columns);
    }
  }

  /** Becomes the first {@code count} rows of {@code other} as columns. */
  void turn(Panel other, int count) {
    for (int from = 0; from < count; from += TURNED_AT_ONCE) {
      int to = Math.min(count, from + TURNED_AT_ONCE);
      for (int i = 0; i < other.columns; i++) {
        int at = at(i);
        for (int j = from; j < to; j++) {
          values[at + j] = other.values[other.at(j) + i];
        }
      }
    }
  }

  /** Multiplies the values of a row. */
  void scale(int row, float factor) {
    int at = at(row);
    for (int i = at; i < at + stride; i += LANES) {
      FloatVector.fromArray(FLOATS, values, i).mul(factor).intoArray(values, i);
    }
  }

  /** The sum of products of a row's values and those of another's. */
  float dot(int row, Panel other, float[] lanes) {
    return Vectors.dot(values, other.values, at(row), at(row) + stride, lanes);
  }
}
