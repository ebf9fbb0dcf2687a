package dev.modelflow.engine.random;

/**
 * A stream of random numbers addressed by index: the same seed, purpose and index give the same
 * number on every machine, in any order. Whoever continues from a step needs no random state, only
 * the step. The numbers come from SplitMix64's finaliser over a counter (Steele, Lea and Flood,
 * "Fast splittable pseudorandom number generators", 2014).
 */
public final class CounterRandom {
  private static final long GOLDEN = 0x9E3779B97F4A7C15L;
  private final long key;

  private CounterRandom(long key) {
    this.key = key;
  }

  /** The stream of {@code purpose} under {@code seed}. */
  public static CounterRandom of(long seed, String purpose) {
    long hash = mix(seed + GOLDEN);
    for (int i = 0; i < purpose.length(); i++) {
      hash = mix(hash ^ (purpose.charAt(i) + GOLDEN));
    }
    return new CounterRandom(hash);
  }

  /** A stream of its own under this one. */
  public CounterRandom at(long index) {
    return new CounterRandom(mix(key ^ mix(index + GOLDEN)));
  }

  /** 64 random bits. */
  public long bits(long index) {
    return mix(key + index * GOLDEN);
  }

  /** Uniform in [0, 1). */
  public double uniform(long index) {
    return (bits(index) >>> 11) * 0x1.0p-53;
  }

  /** Uniform in 0 .. bound - 1. */
  public int below(int bound, long index) {
    return (int) Math.multiplyHigh(bits(index) >>> 1, (long) bound << 1);
  }

  /** Normal with mean 0 and standard deviation 1, by Box and Muller. */
  public double normal(long index) {
    double radius = StrictMath.sqrt(-2 * StrictMath.log(1 - uniform(2 * index)));
    return radius * StrictMath.cos(2 * Math.PI * uniform(2 * index + 1));
  }

  /** 0 .. n - 1 in random order (Fisher and Yates). */
  public int[] permutation(int n) {
    int[] order = new int[n];
    for (int i = 0; i < n; i++) {
      int j = below(i + 1, i);
      order[i] = order[j];
      order[j] = i;
    }
    return order;
  }

  private static long mix(long z) {
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
