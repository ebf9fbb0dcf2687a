package dev.modelflow.engine.kernel;

import static dev.modelflow.engine.kernel.Vectors.FLOATS;
import static dev.modelflow.engine.kernel.Vectors.LANES;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/**
 * Attention of one new token a row to itself and those before, each row with a length of its own.
 * One thread at a time.
 */
public final class DecodeKernel {
  private static final MemorySegment MEMORY = Rows.MEMORY;
  private static final long VECTOR_BYTES = (long) LANES * Float.BYTES;
  private static final int FOUR = 4 * LANES;
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

  private final int heads;
  private final int keyValueHeads;
  private final int headSize;
  private final float scale;
  private final float[] query;
  private final float[] keyValue;
  private final float[] mixed;
  private final float[] lanes = new float[LANES];
  private float[] scores = new float[0];

  /** A kernel for heads of this size. */
  public DecodeKernel(int heads, int keyValueHeads, int headSize) {
    this.heads = heads;
    this.keyValueHeads = keyValueHeads;
    this.headSize = headSize;
    scale = (float) (1 / Math.sqrt(headSize));
    query = new float[Vectors.padded(heads * headSize)];
    keyValue = new float[Vectors.padded(keyValueHeads * headSize)];
    // The last head's last vector may reach beyond it.
    mixed = new float[heads * headSize + LANES];
  }

  /**
   * Puts each row's new key and value into its cache and mixes what its query sees there.
   *
   * @param queries a row of all heads each, rotated as are the keys
   * @param at the place of each row's new token
   * @param seen how many of its first places each row sees, the new one among them
   * @param to receives what each row takes from the values
   */
  public void forward(
      Matrix queries,
      Matrix keys,
      Matrix values,
      CachedHeads cache,
      int[] at,
      int[] seen,
      Matrix to) {
    if (cache.heads() != keyValueHeads || cache.headSize() != headSize) {
      throw new IllegalArgumentException(
          "A kernel for %d heads of %d does not fit a cache for %d of %d"
              .formatted(keyValueHeads, headSize, cache.heads(), cache.headSize()));
    }
    if (scores.length < CachedHeads.stride(cache.places())) {
      scores = new float[CachedHeads.stride(cache.places())];
    }
    int sharing = heads / keyValueHeads;
    for (int row = 0; row < queries.rows(); row++) {
      cache.requirePlace(at[row]);
      cache.requirePlace(seen[row] - 1);
      note(keys, values, row, cache, at[row]);
      Rows.read(queries, row, 0, heads * headSize, query);
      for (int head = 0; head < heads; head++) {
        score(head * headSize, cache.keys(row, head / sharing), cache.places(), seen[row]);
        float sum = softmax(seen[row]);
        mix(cache.values(row, head / sharing), seen[row], 1 / sum, head * headSize);
      }
      Rows.write(mixed, to, row, 0, heads * headSize);
    }
  }

  private void note(Matrix keys, Matrix values, int row, CachedHeads cache, int place) {
    Rows.read(keys, row, 0, keyValueHeads * headSize, keyValue);
    long between = (long) CachedHeads.stride(cache.places()) * Float.BYTES;
    for (int head = 0; head < keyValueHeads; head++) {
      long address = cache.keys(row, head) + (long) place * Float.BYTES;
      for (int i = 0; i < headSize; i++) {
        MEMORY.set(FLOAT, address + i * between, keyValue[head * headSize + i]);
      }
    }
    Rows.read(values, row, 0, keyValueHeads * headSize, keyValue);
    for (int head = 0; head < keyValueHeads; head++) {
      long address = cache.values(row, head) + (long) place * headSize * Float.BYTES;
      for (int i = 0; i < headSize; i++) {
        MEMORY.set(FLOAT, address + (long) i * Float.BYTES, keyValue[head * headSize + i]);
      }
    }
  }

  /** Scores of a query at places side by side, a few vectors of them at a time. */
  private void score(int first, long keys, int places, int seen) {
    long between = (long) CachedHeads.stride(places) * Float.BYTES;
    int padded = Vectors.padded(seen);
    int place = 0;
    for (; place + FOUR <= padded; place += FOUR) {
      scoreFour(query, first, headSize, keys + (long) place * Float.BYTES, between, place);
    }
    for (; place < padded; place += LANES) {
      scoreOne(query, first, headSize, keys + (long) place * Float.BYTES, between, place);
    }
    Arrays.fill(scores, seen, padded, -Float.MAX_VALUE);
  }

  private void scoreFour(float[] x, int first, int size, long keys, long between, int to) {
    FloatVector one = FloatVector.zero(FLOATS);
    FloatVector two = FloatVector.zero(FLOATS);
    FloatVector three = FloatVector.zero(FLOATS);
    FloatVector four = FloatVector.zero(FLOATS);
    long at = keys;
    for (int i = 0; i < size; i++) {
      FloatVector value = FloatVector.broadcast(FLOATS, x[first + i]);
      one = value.fma(Rows.vector(at), one);
      two = value.fma(Rows.vector(at + VECTOR_BYTES), two);
      three = value.fma(Rows.vector(at + 2 * VECTOR_BYTES), three);
      four = value.fma(Rows.vector(at + 3 * VECTOR_BYTES), four);
      at += between;
    }
    one.mul(scale).intoArray(scores, to);
    two.mul(scale).intoArray(scores, to + LANES);
    three.mul(scale).intoArray(scores, to + 2 * LANES);
    four.mul(scale).intoArray(scores, to + 3 * LANES);
  }

  private void scoreOne(float[] x, int first, int size, long keys, long between, int to) {
    FloatVector one = FloatVector.zero(FLOATS);
    long at = keys;
    for (int i = 0; i < size; i++) {
      one = FloatVector.broadcast(FLOATS, x[first + i]).fma(Rows.vector(at), one);
      at += between;
    }
    one.mul(scale).intoArray(scores, to);
  }

  /** Turns scores into powers relative to the largest, and returns their sum. */
  private float softmax(int seen) {
    int padded = Vectors.padded(seen);
    float largest = Vectors.largest(scores, 0, padded, lanes);
    return Vectors.powers(scores, 0, padded, largest, 1, scores, lanes);
  }

  /** The mean of the values that are seen, weighted by the powers. */
  private void mix(long values, int seen, float factor, int to) {
    int i = 0;
    for (; i + 2 * LANES <= headSize; i += 2 * LANES) {
      mixTwo(scores, seen, values + (long) i * Float.BYTES, factor, to + i);
    }
    for (; i < headSize; i += LANES) {
      mixOne(scores, seen, values + (long) i * Float.BYTES, factor, to + i);
    }
  }

  private void mixTwo(float[] shares, int seen, long values, float factor, int to) {
    FloatVector one = FloatVector.zero(FLOATS);
    FloatVector two = FloatVector.zero(FLOATS);
    long next = (long) headSize * Float.BYTES;
    long at = values;
    for (int place = 0; place < seen; place++) {
      FloatVector share = FloatVector.broadcast(FLOATS, shares[place]);
      one = share.fma(Rows.vector(at), one);
      two = share.fma(Rows.vector(at + VECTOR_BYTES), two);
      at += next;
    }
    one.mul(factor).intoArray(mixed, to);
    two.mul(factor).intoArray(mixed, to + LANES);
  }

  private void mixOne(float[] shares, int seen, long values, float factor, int to) {
    FloatVector one = FloatVector.zero(FLOATS);
    long next = (long) headSize * Float.BYTES;
    long at = values;
    for (int place = 0; place < seen; place++) {
      one = FloatVector.broadcast(FLOATS, shares[place]).fma(Rows.vector(at), one);
      at += next;
    }
    one.mul(factor).intoArray(mixed, to);
  }
}
