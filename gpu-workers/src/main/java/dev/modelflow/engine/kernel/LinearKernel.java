package dev.modelflow.engine.kernel;

import static dev.modelflow.engine.kernel.PackedWeight.PANEL;
import static dev.modelflow.engine.kernel.Vectors.FLOATS;
import static dev.modelflow.engine.kernel.Vectors.LANES;

import jdk.incubator.vector.FloatVector;

/**
 * Linear layers of few rows, {@code y = x W^T}, for which a library would spend most of its time on
 * bringing the weight into its own order. Each value is one sum from the first input to the last,
 * so that a row's result hangs on no other row. One thread at a time.
 */
public final class LinearKernel {
  /** Rows whose sums are made side by side. */
  private static final int TILE = 4;

  private static final long VECTOR_BYTES = (long) LANES * Float.BYTES;
  private static final long PANEL_BYTES = (long) PANEL * Float.BYTES;

  private float[] inputs = new float[0];
  private final float[] sums = new float[TILE * PANEL];

  /**
   * Sets each row of {@code to} to what the weight makes of that of {@code from}; sums are made in
   * float32 whatever the precision of either.
   */
  public void forward(Matrix from, PackedWeight weight, Matrix to) {
    int width = weight.inputs();
    if (from.columns() != width || to.columns() != weight.outputs() || to.rows() != from.rows()) {
      throw new IllegalArgumentException(
          "A weight of %d x %d does not take %d x %d to %d x %d"
              .formatted(
                  weight.outputs(), width, from.rows(), from.columns(), to.rows(), to.columns()));
    }
    read(from);
    for (int panel = 0; panel < weight.panels(); panel++) {
      long address = weight.address(panel);
      int column = panel * PANEL;
      int count = Math.min(PANEL, weight.outputs() - column);
      int first = 0;
      for (; first + TILE <= from.rows(); first += TILE) {
        four(inputs, first * width, width, address, sums);
        for (int i = 0; i < TILE; i++) {
          Rows.write(sums, i * PANEL, to, first + i, column, count);
        }
      }
      for (; first < from.rows(); first++) {
        one(inputs, first * width, width, address, sums);
        Rows.write(sums, to, first, column, count);
      }
    }
  }

  private void read(Matrix from) {
    int width = from.columns();
    if (inputs.length < from.rows() * width) {
      inputs = new float[from.rows() * width];
    }
    for (int i = 0; i < from.rows(); i++) {
      Rows.read(from, i, 0, width, inputs, i * width);
    }
  }

  /** The sums of one row and a panel. */
  private static void one(float[] x, int first, int width, long panel, float[] sums) {
    FloatVector a = FloatVector.zero(FLOATS);
    FloatVector b = FloatVector.zero(FLOATS);
    FloatVector c = FloatVector.zero(FLOATS);
    FloatVector d = FloatVector.zero(FLOATS);
    for (int i = 0; i < width; i++) {
      long at = panel + i * PANEL_BYTES;
      FloatVector value = FloatVector.broadcast(FLOATS, x[first + i]);
      a = value.fma(Rows.vector(at), a);
      b = value.fma(Rows.vector(at + VECTOR_BYTES), b);
      c = value.fma(Rows.vector(at + 2 * VECTOR_BYTES), c);
      d = value.fma(Rows.vector(at + 3 * VECTOR_BYTES), d);
    }
    write(a, b, c, d, sums, 0);
  }

  /**
   * The sums of four rows and a panel, in the same order; locals, so that all stay in registers.
   */
  private static void four(float[] x, int first, int width, long panel, float[] sums) {
    FloatVector a0 = FloatVector.zero(FLOATS);
    FloatVector b0 = FloatVector.zero(FLOATS);
    FloatVector c0 = FloatVector.zero(FLOATS);
    FloatVector d0 = FloatVector.zero(FLOATS);
    FloatVector a1 = FloatVector.zero(FLOATS);
    FloatVector b1 = FloatVector.zero(FLOATS);
    FloatVector c1 = FloatVector.zero(FLOATS);
    FloatVector d1 = FloatVector.zero(FLOATS);
    FloatVector a2 = FloatVector.zero(FLOATS);
    FloatVector b2 = FloatVector.zero(FLOATS);
    FloatVector c2 = FloatVector.zero(FLOATS);
    FloatVector d2 = FloatVector.zero(FLOATS);
    FloatVector a3 = FloatVector.zero(FLOATS);
    FloatVector b3 = FloatVector.zero(FLOATS);
    FloatVector c3 = FloatVector.zero(FLOATS);
    FloatVector d3 = FloatVector.zero(FLOATS);
    int second = first + width;
    int third = second + width;
    int fourth = third + width;
    for (int i = 0; i < width; i++) {
      long at = panel + i * PANEL_BYTES;
      FloatVector wa = Rows.vector(at);
      FloatVector wb = Rows.vector(at + VECTOR_BYTES);
      FloatVector wc = Rows.vector(at + 2 * VECTOR_BYTES);
      FloatVector wd = Rows.vector(at + 3 * VECTOR_BYTES);
      FloatVector value = FloatVector.broadcast(FLOATS, x[first + i]);
      a0 = value.fma(wa, a0);
      b0 = value.fma(wb, b0);
      c0 = value.fma(wc, c0);
      d0 = value.fma(wd, d0);
      value = FloatVector.broadcast(FLOATS, x[second + i]);
      a1 = value.fma(wa, a1);
      b1 = value.fma(wb, b1);
      c1 = value.fma(wc, c1);
      d1 = value.fma(wd, d1);
      value = FloatVector.broadcast(FLOATS, x[third + i]);
      a2 = value.fma(wa, a2);
      b2 = value.fma(wb, b2);
      c2 = value.fma(wc, c2);
      d2 = value.fma(wd, d2);
      value = FloatVector.broadcast(FLOATS, x[fourth + i]);
      a3 = value.fma(wa, a3);
      b3 = value.fma(wb, b3);
      c3 = value.fma(wc, c3);
      d3 = value.fma(wd, d3);
    }
    write(a0, b0, c0, d0, sums, 0);
    write(a1, b1, c1, d1, sums, PANEL);
    write(a2, b2, c2, d2, sums, 2 * PANEL);
    write(a3, b3, c3, d3, sums, 3 * PANEL);
  }

  private static void write(
      FloatVector a, FloatVector b, FloatVector c, FloatVector d, float[] sums, int at) {
    a.intoArray(sums, at);
    b.intoArray(sums, at + LANES);
    c.intoArray(sums, at + 2 * LANES);
    d.intoArray(sums, at + 3 * LANES);
  }
}
