package dev.modelflow.engine.kernel;

import static dev.modelflow.engine.kernel.Vectors.LANES;

import dev.modelflow.engine.tensor.Precision;
import dev.modelflow.engine.tensor.Tensors;
import java.util.Arrays;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;

/**
 * A copy of a linear layer's weight in the order in which {@link LinearKernel} reads it: panels of
 * some outputs each, in which what one input gives all of them lies together. Any number of threads
 * may read it. Close it to free its memory.
 */
public final class PackedWeight implements AutoCloseable {
  /** Vectors of outputs in a panel. */
  static final int VECTORS = 4;

  /** Outputs of a panel. */
  static final int PANEL = VECTORS * LANES;

  private final Tensor memory;
  private final long address;
  private final int outputs;
  private final int inputs;

  /**
   * Copies a weight, in float32 whatever its precision.
   *
   * @param weight [outputs, inputs]
   */
  public PackedWeight(Matrix weight) {
    outputs = weight.rows();
    inputs = weight.columns();
    int panels = Math.ceilDiv(outputs, PANEL);
    try (PointerScope _ = new PointerScope()) {
      Matrix packed = Matrix.empty(panels, inputs * PANEL, Precision.FLOAT32);
      float[] row = new float[Vectors.padded(inputs)];
      float[] panel = new float[inputs * PANEL];
      for (int i = 0; i < panels; i++) {
        fill(weight, i * PANEL, row, panel);
        Rows.write(panel, packed, i, 0, panel.length);
      }
      memory = Tensors.keep(packed.tensor());
      address = packed.address();
    }
  }

  /** Outputs beyond the last are zeros. */
  private static void fill(Matrix weight, int first, float[] row, float[] panel) {
    int inputs = weight.columns();
    for (int output = 0; output < PANEL; output++) {
      if (first + output < weight.rows()) {
        Rows.read(weight, first + output, 0, inputs, row);
      } else {
        Arrays.fill(row, 0);
      }
      for (int input = 0; input < inputs; input++) {
        panel[input * PANEL + output] = row[input];
      }
    }
  }

  /** What it gives for each row. */
  public int outputs() {
    return outputs;
  }

  /** What it takes of each row. */
  public int inputs() {
    return inputs;
  }

  int panels() {
    return Math.ceilDiv(outputs, PANEL);
  }

  long address(int panel) {
    return address + (long) panel * inputs * PANEL * Float.BYTES;
  }

  @Override
  public void close() {
    memory.close();
  }
}
