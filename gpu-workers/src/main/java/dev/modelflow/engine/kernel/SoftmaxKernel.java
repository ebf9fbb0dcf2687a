package dev.modelflow.engine.kernel;

import static dev.modelflow.engine.kernel.Vectors.FLOATS;
import static dev.modelflow.engine.kernel.Vectors.LANES;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/**
 * The softmax over rows of logits at one target each, and the slopes of losses over its logarithm.
 * One thread at a time.
 */
public final class SoftmaxKernel {
  private final int count;
  private final float[] logits;
  private final float[] lanes = new float[LANES];

  /** A kernel for rows of {@code count} logits. */
  public SoftmaxKernel(int count) {
    this.count = count;
    logits = new float[Vectors.padded(count)];
    // What fills the last vector adds nothing to a sum of powers.
    Arrays.fill(logits, -Float.MAX_VALUE);
  }

  /**
   * Computes the logarithms of the softmax's denominators and of its value at the targets.
   *
   * @param matrix rows of logits
   * @param factor that logits are multiplied by: one over the temperature
   * @param targets a column for each row
   * @param logDenominators receives one for each row
   * @param logProbs receives one for each row
   */
  public void forward(
      Matrix matrix, float factor, int[] targets, float[] logDenominators, float[] logProbs) {
    for (int row = 0; row < matrix.rows(); row++) {
      Rows.read(matrix, row, 0, count, logits);
      float largest = Vectors.largest(logits, 0, logits.length, lanes);
      FloatVector sum = FloatVector.zero(FLOATS);
      for (int i = 0; i < logits.length; i += LANES) {
        FloatVector below = FloatVector.fromArray(FLOATS, logits, i).sub(largest).mul(factor);
        sum = sum.add(Vectors.exp(below));
      }
      double denominator = StrictMath.log(Vectors.sum(sum, lanes));
      logDenominators[row] = (float) ((double) largest * factor + denominator);
      logProbs[row] = (float) ((double) (logits[targets[row]] - largest) * factor - denominator);
    }
  }

  /**
   * Turns logits into the slopes at them.
   *
   * @param matrix as {@link #forward} had it; overwritten
   * @param logDenominators as it gave them
   * @param onTarget of each row the loss's slope at its log-probability
   * @param onDenominator of each row the loss's slope at its log-denominator
   */
  public void backward(
      Matrix matrix,
      float factor,
      int[] targets,
      float[] logDenominators,
      float[] onTarget,
      float[] onDenominator) {
    for (int row = 0; row < matrix.rows(); row++) {
      Rows.read(matrix, row, 0, count, logits);
      float slope = onDenominator[row] * factor;
      float below = -logDenominators[row];
      for (int i = 0; i < logits.length; i += LANES) {
        FloatVector power = FloatVector.fromArray(FLOATS, logits, i).fma(factor, below);
        Vectors.exp(power).mul(slope).intoArray(logits, i);
      }
      logits[targets[row]] += onTarget[row] * factor;
      Rows.write(logits, matrix, row, 0, count);
      Arrays.fill(logits, count, logits.length, -Float.MAX_VALUE);
    }
  }
}
