package dev.modelflow.curate;

import com.dynatrace.hash4j.hashing.Hasher64;
import com.dynatrace.hash4j.hashing.Hashing;

/** 64-bit hashes that are the same on every machine and in every version. */
final class StableHash {
  private static final Hasher64 HASHER = Hashing.komihash5_0();

  private StableHash() {}

  static long of(CharSequence text) {
    return HASHER.hashCharsToLong(text);
  }

  static long of(long[] values, int from, int to) {
    long hash = 0;
    for (int i = from; i < to; i++) {
      hash = HASHER.hashLongLongToLong(hash, values[i]);
    }
    return hash;
  }

  /** Where the text falls in 0 (inclusive) to 1 (exclusive), evenly spread over texts. */
  static double share(CharSequence text) {
    return (of(text) >>> 11) * 0x1.0p-53;
  }
}
