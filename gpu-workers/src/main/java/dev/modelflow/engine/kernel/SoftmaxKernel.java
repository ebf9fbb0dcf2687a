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
    pad();
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
      powers(matrix, row, factor, targets[row], logDenominators, logProbs);
      pad();
    }
  }

  /**
   * Does the work of {@link #forward} and {@link #backward} while a row is at hand, for losses
   * whose slope at a log-probability hangs on none.
   *
   * @param matrix rows of logits; overwritten with the slopes at them
   * @param onTarget the loss's slope at each log-probability
   * @param zWeight of the squared log-denominators in the loss
   */
  public void forwardAndBack(
      Matrix matrix,
      float factor,
      int[] targets,
      float onTarget,
      double zWeight,
      float[] logDenominators,
      float[] logProbs) {
    for (int row = 0; row < matrix.rows(); row++) {
      float sum = powers(matrix, row, factor, targets[row], logDenominators, logProbs);
      float share = slope(onTarget, zWeight, logDenominators[row]) * factor / sum;
      for (int i = 0; i < logits.length; i += LANES) {
        FloatVector.fromArray(FLOATS, logits, i).mul(share).intoArray(logits, i);
      }
      write(matrix, row, targets[row], onTarget * factor);
    }
  }

  /** The loss's slope at a log-denominator, of which it has less the log-probability's too. */
  public static float slope(float onTarget, double zWeight, float logDenominator) {
    return (float) (2 * zWeight * logDenominator - onTarget);
  }

  /** Leaves the powers of a row's logits, each less the largest; returns their sum. */
  private float powers(
      Matrix matrix, int row, float factor, int target, float[] logDenominators, float[] logProbs) {
    Rows.read(matrix, row, 0, count, logits);
    float largest = Vectors.largest(logits, 0, logits.length, lanes);
    float asked = logits[target];
    float sum = Vectors.powers(logits, 0, logits.length, largest, factor, logits, lanes);
    double denominator = StrictMath.log(sum);
    logDenominators[row] = (float) ((double) largest * factor + denominator);
    logProbs[row] = (float) ((double) (asked - largest) * factor - denominator);
    return sum;
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
      write(matrix, row, targets[row], onTarget[row] * factor);
    }
  }

  private void write(Matrix matrix, int row, int target, float more) {
    logits[target] += more;
    Rows.write(logits, matrix, row, 0, count);
    pad();
  }

  /** What fills the last vector adds nothing to a sum of powers. */
  private void pad() {
    Arrays.fill(logits, count, logits.length, -Float.MAX_VALUE);
  }
}
