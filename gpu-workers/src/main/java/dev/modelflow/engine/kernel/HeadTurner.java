package dev.modelflow.engine.kernel;

import static dev.modelflow.engine.kernel.Vectors.FLOATS;
import static dev.modelflow.engine.kernel.Vectors.LANES;

import jdk.incubator.vector.FloatVector;

/**
 * Rotates the heads of a row: value i of a head's first half and value i of its second are the two
 * coordinates of a point.
 */
final class HeadTurner {
  private final int headSize;
  private final int half;
  private final float[] cosine;
  private final float[] sine;

  HeadTurner(int headSize) {
    this.headSize = headSize;
    half = headSize / 2;
    cosine = new float[Vectors.padded(headSize)];
    sine = new float[Vectors.padded(headSize)];
  }

  /** Rows are rotated by the angles of this row from now on. */
  void aim(Turns turns, int row) {
    Rows.read(turns.cosines(), turns.position(row), 0, half, cosine);
    Rows.read(turns.sines(), turns.position(row), half, half, sine);
  }

  /**
   * Rotates every head of {@code from} into {@code to}, another array.
   *
   * @param width values of all heads
   * @param sign 1: as positions say; -1: back, which a slope needs
   */
  void turn(float[] from, float[] to, int width, int sign) {
    for (int head = 0; head < width; head += headSize) {
      if (half % LANES == 0) {
        turnVectors(from, to, head, sign);
      } else {
        turnValues(from, to, head, sign);
      }
    }
  }

  private void turnVectors(float[] from, float[] to, int head, int sign) {
    for (int i = 0; i < half; i += LANES) {
      FloatVector first = FloatVector.fromArray(FLOATS, from, head + i);
      FloatVector second = FloatVector.fromArray(FLOATS, from, head + half + i);
      FloatVector cosines = FloatVector.fromArray(FLOATS, cosine, i);
      FloatVector sines = FloatVector.fromArray(FLOATS, sine, i).mul((float) sign);
      first.mul(cosines).sub(second.mul(sines)).intoArray(to, head + i);
      second.mul(cosines).add(first.mul(sines)).intoArray(to, head + half + i);
    }
  }

  private void turnValues(float[] from, float[] to, int head, int sign) {
    for (int i = head; i < head + half; i++) {
      float sines = sine[i - head] * sign;
      to[i] = from[i] * cosine[i - head] - from[i + half] * sines;
      to[i + half] = from[i + half] * cosine[i - head] + from[i] * sines;
    }
  }
}
