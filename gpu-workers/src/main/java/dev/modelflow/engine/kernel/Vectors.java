package dev.modelflow.engine.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/** The vectors of this processor, and what is computed with them. */
final class Vectors {
  static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
  static final VectorSpecies<Integer> INTS = FLOATS.withLanes(int.class);

  /** As many lanes as {@link #FLOATS}, half as wide. */
  static final VectorSpecies<Short> SHORTS =
      VectorSpecies.of(short.class, VectorShape.forBitSize(FLOATS.vectorBitSize() / 2));

  static final int LANES = FLOATS.length();

  private static final float LOG2_E = 1.442695f;

  // Vectors that exist: making one is a call that the JVM's compiler must inline, and beyond its
  // limit every vector lies on the heap.
  private static final FloatVector MINUS_LN2_HIGH = all(-6.933594e-1f);
  private static final FloatVector MINUS_LN2_LOW = all(2.1219444e-4f);
  private static final FloatVector TERM_3 = all(8.333452e-3f);
  private static final FloatVector TERM_4 = all(4.1665796e-2f);
  private static final FloatVector TERM_5 = all(1.6666666e-1f);
  private static final FloatVector TERM_6 = all(5e-1f);

  /** Added to a small number, it leaves the nearest whole number in the lowest bits. */
  private static final float ROUND = 12582912f;

  /** Its power is 3e-38: below, a power would lose its normal form. */
  private static final float LOWEST = -86.5f;

  private static final float HIGHEST = 88f;
  private static final int MANTISSA_BITS = 23;

  private Vectors() {}

  /** The length of an array that holds {@code count} values in whole vectors. */
  static int padded(int count) {
    return Math.ceilDiv(count, LANES) * LANES;
  }

  /**
   * Powers of e to within 2 units in the last place, from 3e-38 for whatever is smaller to 1.7e38
   * (Cephes' expf). Made of steps that are rounded alike however they are compiled, unlike the
   * vector instructions' own.
   */
  static FloatVector exp(FloatVector powers) {
    FloatVector low = powers.blend(LOWEST, powers.lt(LOWEST));
    FloatVector x = low.blend(HIGHEST, low.compare(VectorOperators.GT, HIGHEST));
    FloatVector shifted = x.fma(LOG2_E, ROUND);
    FloatVector whole = shifted.sub(ROUND);
    FloatVector rest = whole.fma(MINUS_LN2_LOW, whole.fma(MINUS_LN2_HIGH, x));
    FloatVector sum = rest.fma(1.9875691e-4f, 1.3981999e-3f);
    sum = sum.fma(rest, TERM_3);
    sum = sum.fma(rest, TERM_4);
    sum = sum.fma(rest, TERM_5);
    sum = sum.fma(rest, TERM_6);
    FloatVector fraction = sum.mul(rest).fma(rest, rest).add(1f);
    IntVector exponent = shifted.reinterpretAsInts().lanewise(VectorOperators.LSHL, MANTISSA_BITS);
    return fraction.reinterpretAsInts().add(exponent).reinterpretAsFloats();
  }

  private static FloatVector all(float value) {
    return FloatVector.broadcast(FLOATS, value);
  }

  /**
   * Powers of e to what {@code values} from one vector to another say, less their largest and times
   * a factor.
   *
   * @param into receives them, at the same places; may be {@code values}
   * @return their sum; overwrites {@code scratch}
   */
  static float powers(
      float[] values,
      int from,
      int to,
      float largest,
      float factor,
      float[] into,
      float[] scratch) {
    FloatVector sum = FloatVector.zero(FLOATS);
    for (int i = from; i < to; i += LANES) {
      FloatVector power = exp(FloatVector.fromArray(FLOATS, values, i).sub(largest).mul(factor));
      power.intoArray(into, i);
      sum = sum.add(power);
    }
    return sum(sum, scratch);
  }

  /** The sum of a vector's lanes, from the first to the last; overwrites {@code scratch}. */
  static float sum(FloatVector vector, float[] scratch) {
    vector.intoArray(scratch, 0);
    float sum = 0;
    for (int i = 0; i < LANES; i++) {
      sum += scratch[i];
    }
    return sum;
  }

  /** The largest of an array's values from one vector to another; overwrites {@code scratch}. */
  static float largest(float[] values, int from, int to, float[] scratch) {
    FloatVector largest = FloatVector.fromArray(FLOATS, values, from);
    for (int i = from + LANES; i < to; i += LANES) {
      FloatVector next = FloatVector.fromArray(FLOATS, values, i);
      largest = largest.blend(next, next.compare(VectorOperators.GT, largest));
    }
    largest.intoArray(scratch, 0);
    float most = scratch[0];
    for (float each : scratch) {
      most = each > most ? each : most;
    }
    return most;
  }

  /** The sum of products of two arrays' values from one vector to another, at the same places. */
  static float dot(float[] one, float[] other, int from, int to, float[] scratch) {
    FloatVector sum = FloatVector.zero(FLOATS);
    for (int i = from; i < to; i += LANES) {
      FloatVector value = FloatVector.fromArray(FLOATS, one, i);
      sum = value.mul(FloatVector.fromArray(FLOATS, other, i)).add(sum);
    }
    return sum(sum, scratch);
  }

  /** The sum of squares of an array in whole vectors. */
  static float squares(float[] values, int padded, float[] scratch) {
    FloatVector sum = FloatVector.zero(FLOATS);
    for (int i = 0; i < padded; i += LANES) {
      FloatVector value = FloatVector.fromArray(FLOATS, values, i);
      sum = value.mul(value).add(sum);
    }
    return sum(sum, scratch);
  }
}
