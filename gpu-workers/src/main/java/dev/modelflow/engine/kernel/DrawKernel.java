package dev.modelflow.engine.kernel;

import static dev.modelflow.engine.kernel.Vectors.LANES;

import java.util.Arrays;

/** Chooses a column from a row of logits, greedily or by chance. One thread at a time. */
public final class DrawKernel {
  /** Vectors whose powers are summed before a draw looks at them. */
  private static final int BLOCK = 8 * LANES;

  private final int count;
  private final float[] logits;
  private final float[] powers;
  private final double[] sums;
  private final float[] lanes = new float[LANES];
  private double logDenominator;
  private float largest;

  /** A kernel for rows of {@code count} logits. */
  public DrawKernel(int count) {
    this.count = count;
    logits = new float[Vectors.padded(count)];
    // What fills the last vector is never the largest, and adds nothing to a sum of powers.
    Arrays.fill(logits, -Float.MAX_VALUE);
    sums = new double[Math.ceilDiv(logits.length, BLOCK)];
    powers = new float[sums.length * BLOCK];
  }

  /**
   * The first column with the largest logit.
   *
   * @param logProbs receives, at {@code row}, the logarithm of its softmax
   */
  public int likeliest(Matrix matrix, int row, float[] logProbs) {
    read(matrix, row, 1);
    int column = 0;
    while (column < count - 1 && logits[column] != largest) {
      column++;
    }
    logProbs[row] = (float) -logDenominator;
    return column;
  }

  /**
   * A column drawn from the softmax: the first at which the sum of the softmax exceeds {@code
   * uniform}.
   *
   * @param factor that logits are multiplied by: one over the temperature
   * @param uniform at least 0 and below 1
   * @param logProbs receives, at {@code row}, the logarithm of its softmax
   */
  public int drawn(Matrix matrix, int row, float factor, float uniform, float[] logProbs) {
    double sum = read(matrix, row, factor);
    double left = uniform * sum;
    int block = 0;
    while (block < sums.length - 1 && left >= sums[block]) {
      left -= sums[block++];
    }
    int column = block * BLOCK;
    int last = Math.min(column + BLOCK, count) - 1;
    while (column < last && left >= powers[column]) {
      left -= powers[column++];
    }
    // A block's sum, rounded, may be more than its powers are together: what is left of it there
    // belongs to the last column that has more.
    while (column > 0 && left >= powers[column]) {
      column--;
    }
    logProbs[row] = (float) ((double) (logits[column] - largest) * factor - logDenominator);
    return column;
  }

  /** Sets everything else to what this row says, and returns the sum of its powers. */
  private double read(Matrix matrix, int row, float factor) {
    Rows.read(matrix, row, 0, count, logits);
    largest = Vectors.largest(logits, 0, logits.length, lanes);
    double sum = 0;
    for (int block = 0; block < sums.length; block++) {
      int from = block * BLOCK;
      int to = Math.min(from + BLOCK, logits.length);
      sums[block] = Vectors.powers(logits, from, to, largest, factor, powers, lanes);
      sum += sums[block];
    }
    logDenominator = StrictMath.log(sum);
    return sum;
  }
}
