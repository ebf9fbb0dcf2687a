package dev.modelflow.engine.kernel;

import static dev.modelflow.engine.kernel.Vectors.FLOATS;
import static dev.modelflow.engine.kernel.Vectors.LANES;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/**
 * A query's scores at some keys, and what its softmax makes of them, in arrays of whole vectors.
 *
 * @param at where the first key's value lies
 * @param first key that the query sees
 * @param end behind the last key that it sees
 * @param width values that there are: as many as there are keys, and some that fill them up
 */
record ScoreRow(int at, int first, int end, int width) {
  /** Whether the query sees none of the keys. */
  boolean isHidden() {
    return first >= end;
  }

  /** The vectors of what is seen begin here, counted from the first key. */
  int from() {
    return first / LANES * LANES;
  }

  /** Behind the last of them. */
  int to() {
    return Vectors.padded(end);
  }

  /** The largest score that is seen; overwrites those beside it, and {@code lanes}. */
  float largest(float[] scores, float[] lanes) {
    Arrays.fill(scores, at + from(), at + first, -Float.MAX_VALUE);
    Arrays.fill(scores, at + end, at + to(), -Float.MAX_VALUE);
    return Vectors.largest(scores, at + from(), at + to(), lanes);
  }

  /**
   * Turns scores into powers of e, each less {@code most} and times {@code scale}, and what is not
   * seen into 0.
   *
   * @return the sum of the powers; overwrites {@code lanes}
   */
  float powers(float[] scores, float most, float scale, float[] lanes) {
    float sum = Vectors.powers(scores, at + from(), at + to(), most, scale, scores, lanes);
    hide(scores);
    return sum;
  }

  /**
   * What the softmax of a query was made with.
   *
   * @param most the largest score
   * @param factor one over the sum of powers
   * @param mean slope at the shares, each as often as it is shared
   */
  record Softmax(float most, float factor, float mean) {}

  /**
   * Turns scores into shares, the slopes at those into slopes at the scores, and what is not seen
   * into 0.
   *
   * @param scale that scores are multiplied by
   */
  void slopes(float[] scores, float[] slopes, Softmax softmax, float scale) {
    float most = softmax.most();
    float factor = softmax.factor();
    float mean = softmax.mean();
    for (int i = at + from(); i < at + to(); i += LANES) {
      FloatVector power =
          Vectors.exp(FloatVector.fromArray(FLOATS, scores, i).sub(most).mul(scale));
      FloatVector share = power.mul(factor);
      share.intoArray(scores, i);
      FloatVector.fromArray(FLOATS, slopes, i).sub(mean).mul(share).mul(scale).intoArray(slopes, i);
    }
    hide(scores);
    hide(slopes);
  }

  /** Sets what is not seen to 0. */
  void hide(float[] values) {
    int before = isHidden() ? width : first;
    Arrays.fill(values, at, at + before, 0);
    Arrays.fill(values, at + Math.max(before, end), at + width, 0);
  }
}
