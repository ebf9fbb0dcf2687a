package dev.modelflow.engine.kernel;

import static dev.modelflow.engine.kernel.Vectors.FLOATS;
import static dev.modelflow.engine.kernel.Vectors.LANES;

import dev.modelflow.engine.tensor.Precision;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.FloatVector;

/**
 * A query's scores at some keys, in native memory.
 *
 * @param row of the query in matrices that hold whole vectors
 * @param first key that it sees
 * @param end behind the last key that it sees
 * @param width all keys that are there
 */
record ScoreRow(int row, int first, int end, int width) {
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
  private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;
  private static final FloatVector ZERO = FloatVector.zero(FLOATS);

  boolean isHidden() {
    return first >= end;
  }

  /** The vectors that hold what is seen begin here. */
  private int from() {
    return first / LANES * LANES;
  }

  private int to() {
    return Vectors.padded(end);
  }

  private static long at(Matrix matrix, int row) {
    return matrix.address(row, 0, matrix.columns());
  }

  /** The largest score that is seen; overwrites those beside it, and {@code lanes}. */
  float largest(Matrix scores, float[] lanes) {
    long at = at(scores, row);
    for (int i = from(); i < first; i++) {
      Rows.MEMORY.set(FLOAT, at + (long) i * Float.BYTES, -Float.MAX_VALUE);
    }
    for (int i = end; i < to(); i++) {
      Rows.MEMORY.set(FLOAT, at + (long) i * Float.BYTES, -Float.MAX_VALUE);
    }
    FloatVector largest = Rows.vector(at + (long) from() * Float.BYTES);
    for (int i = from() + LANES; i < to(); i += LANES) {
      largest = Vectors.larger(largest, Rows.vector(at + (long) i * Float.BYTES));
    }
    return Vectors.largest(largest, lanes);
  }

  /**
   * Writes powers of e to the scores, each less {@code most} and times {@code scale}, and 0 for
   * what is not seen.
   *
   * @param powers in bf16
   * @return the sum of the powers, before they are rounded
   */
  float powers(Matrix scores, float most, float scale, Matrix powers, float[] lanes) {
    long at = at(scores, row);
    long into = at(powers, row);
    FloatVector sum = ZERO;
    for (int i = from(); i < to(); i += LANES) {
      FloatVector score = Rows.vector(at + (long) i * Float.BYTES);
      FloatVector power = Vectors.exp(score.sub(most).mul(scale));
      Rows.writeHalves(power, into + (long) i * Short.BYTES);
      sum = sum.add(power);
    }
    hide(powers);
    return Vectors.sum(sum, lanes);
  }

  /** What the softmax of a query was made with, and the mean slope at its shares. */
  record Softmax(float most, float share, float mean) {}

  /**
   * Writes the query's shares, and the slopes at its scores; 0 for what is not seen.
   *
   * @param onShares the slopes at the shares
   * @param shares in bf16
   * @param onScores in bf16
   */
  void slopes(
      Matrix scores,
      Matrix onShares,
      Softmax softmax,
      float scale,
      Matrix shares,
      Matrix onScores) {
    long at = at(scores, row);
    long slopesAt = at(onShares, row);
    long into = at(shares, row);
    long slopesInto = at(onScores, row);
    float most = softmax.most();
    float factor = softmax.share();
    float mean = softmax.mean();
    for (int i = from(); i < to(); i += LANES) {
      FloatVector score = Rows.vector(at + (long) i * Float.BYTES);
      FloatVector share = Vectors.exp(score.sub(most).mul(scale)).mul(factor);
      Rows.writeHalves(share, into + (long) i * Short.BYTES);
      FloatVector slope = Rows.vector(slopesAt + (long) i * Float.BYTES);
      Rows.writeHalves(slope.sub(mean).mul(share).mul(scale), slopesInto + (long) i * Short.BYTES);
    }
    hide(shares);
    hide(onScores);
  }

  /** Sets to 0 what is not seen. */
  void hide(Matrix halves) {
    if (halves.precision() != Precision.BF16) {
      throw new IllegalArgumentException("Shares are kept in bf16, not in " + halves.precision());
    }
    long at = at(halves, row);
    int behind = Math.ceilDiv(width, MatrixMultiplier.STEPS) * MatrixMultiplier.STEPS;
    if (isHidden()) {
      clear(at, 0, behind);
      return;
    }
    clear(at, 0, from());
    clear(at, to(), behind);
    for (int i = from(); i < first; i++) {
      Rows.MEMORY.set(SHORT, at + (long) i * Short.BYTES, (short) 0);
    }
    for (int i = end; i < to(); i++) {
      Rows.MEMORY.set(SHORT, at + (long) i * Short.BYTES, (short) 0);
    }
  }

  private static void clear(long at, int from, int to) {
    for (int i = from; i < to; i += LANES) {
      Rows.writeHalves(ZERO, at + (long) i * Short.BYTES);
    }
  }
}
