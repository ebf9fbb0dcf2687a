package dev.modelflow.engine.kernel;

/**
 * Where the keys and values that continuations have seen lie in this process's memory, in float32.
 *
 * @param keys address of [rows, heads, headSize, stride]: what lies together is one value of a
 *     head's keys at all places
 * @param values address of [rows, heads, places, headSize], behind which lies a vector more
 * @param rows that there is room for
 * @param heads of keys and values
 * @param headSize values of a head
 * @param places of a row
 */
public record CachedHeads(long keys, long values, int rows, int heads, int headSize, int places) {
  /** Places that the keys' memory has room for: whole vectors of them. */
  public static int stride(int places) {
    return Vectors.padded(places);
  }

  /** Values that one vector holds. */
  public static int vector() {
    return Vectors.LANES;
  }

  /** Where the keys of a row's head begin; throws where there is no such head. */
  long keys(int row, int head) {
    return keys + index(row, head) * headSize * stride(places) * Float.BYTES;
  }

  /** Where the values of a row's head begin; throws where there is no such head. */
  long values(int row, int head) {
    return values + index(row, head) * places * headSize * Float.BYTES;
  }

  private long index(int row, int head) {
    if (row < 0 || row >= rows || head < 0 || head >= heads) {
      throw new IndexOutOfBoundsException(
          "Head %d of row %d is beyond %d x %d".formatted(head, row, rows, heads));
    }
    return (long) row * heads + head;
  }

  /** Throws where a row has no such place. */
  void requirePlace(int place) {
    if (place < 0 || place >= places) {
      throw new IndexOutOfBoundsException("Place %d is beyond %d".formatted(place, places));
    }
  }
}
