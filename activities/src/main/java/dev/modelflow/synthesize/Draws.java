package dev.modelflow.synthesize;

import com.dynatrace.hash4j.hashing.Hashing;
import java.util.ArrayList;
import java.util.List;

/**
 * The random numbers of one item: a function of seed, family and the item's number alone, so that
 * items can be made in any order, and more of one family change no other. SplitMix64 (Steele et al.
 * 2014).
 */
final class Draws {
  private long state;

  private Draws(long state) {
    this.state = state;
  }

  static Draws of(long seed, String family, long item) {
    long named = Hashing.komihash5_0().hashCharsToLong(family);
    return new Draws(mix(mix(mix(seed) ^ named) + item));
  }

  /** Uniform in 0 to {@code bound - 1}. */
  int below(int bound) {
    return (int) Math.unsignedMultiplyHigh(next(), bound);
  }

  /** Uniform in {@code least} to {@code most}, both included. */
  int between(int least, int most) {
    return least + below(most - least + 1);
  }

  /** Uniform in 0 (included) to 1 (excluded). */
  double share() {
    return (next() >>> 11) * 0x1.0p-53;
  }

  <T> T pick(List<T> items) {
    return items.get(below(items.size()));
  }

  /** {@code count} different items in random order. */
  <T> List<T> sample(List<T> items, int count) {
    List<T> left = new ArrayList<>(items);
    List<T> taken = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      taken.add(left.remove(below(left.size())));
    }
    return taken;
  }

  private long next() {
    state += 0x9E3779B97F4A7C15L;
    return mix(state);
  }

  private static long mix(long value) {
    long mixed = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
    return mixed ^ (mixed >>> 31);
  }
}
