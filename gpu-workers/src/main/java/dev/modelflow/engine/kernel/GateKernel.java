package dev.modelflow.engine.kernel;

import static dev.modelflow.engine.kernel.Vectors.FLOATS;
import static dev.modelflow.engine.kernel.Vectors.LANES;

import jdk.incubator.vector.FloatVector;

/**
 * SwiGLU's gate, {@code h = g s(g) u} with the logistic function {@code s}, and its slope. One
 * thread at a time.
 */
public final class GateKernel {
  private final int inner;
  private final float[] gate;
  private final float[] up;
  private final float[] slope;

  /** A kernel for rows of {@code inner} gates and as many values. */
  public GateKernel(int inner) {
    this.inner = inner;
    gate = new float[Vectors.padded(inner)];
    up = new float[Vectors.padded(inner)];
    slope = new float[Vectors.padded(inner)];
  }

  /**
   * Lets values through gates.
   *
   * @param gateUp rows of gates and, behind them, values
   * @param to rows of what comes through
   */
  public void forward(Matrix gateUp, Matrix to) {
    for (int row = 0; row < gateUp.rows(); row++) {
      read(gateUp, row);
      for (int i = 0; i < gate.length; i += LANES) {
        FloatVector gates = FloatVector.fromArray(FLOATS, gate, i);
        gates
            .div(Vectors.exp(gates.neg()).add(1f))
            .mul(FloatVector.fromArray(FLOATS, up, i))
            .intoArray(gate, i);
      }
      Rows.write(gate, to, row, 0, inner);
    }
  }

  /**
   * Sends slopes back through {@link #forward}.
   *
   * @param slopes at its results
   * @param gateUp what it was given
   * @param to receives the slope at that; it may be {@code gateUp}
   */
  public void backward(Matrix slopes, Matrix gateUp, Matrix to) {
    for (int row = 0; row < gateUp.rows(); row++) {
      read(gateUp, row);
      Rows.read(slopes, row, 0, inner, slope);
      for (int i = 0; i < gate.length; i += LANES) {
        FloatVector gates = FloatVector.fromArray(FLOATS, gate, i);
        FloatVector along = FloatVector.fromArray(FLOATS, slope, i);
        FloatVector share = FloatVector.broadcast(FLOATS, 1f).div(Vectors.exp(gates.neg()).add(1f));
        FloatVector passed = gates.mul(share);
        FloatVector onGate = share.add(passed.sub(passed.mul(share)));
        along.mul(FloatVector.fromArray(FLOATS, up, i)).mul(onGate).intoArray(gate, i);
        along.mul(passed).intoArray(up, i);
      }
      Rows.write(gate, to, row, 0, inner);
      Rows.write(up, to, row, inner, inner);
    }
  }

  private void read(Matrix gateUp, int row) {
    Rows.read(gateUp, row, 0, inner, gate);
    Rows.read(gateUp, row, inner, inner, up);
  }
}
