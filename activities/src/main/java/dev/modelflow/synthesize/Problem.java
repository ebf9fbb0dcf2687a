package dev.modelflow.synthesize;

import com.dynatrace.hash4j.hashing.Hashing;

/**
 * A sum of two numbers of two digits.
 *
 * @param first 10 to 99
 * @param second 10 to 99
 */
record Problem(int first, int second) {
  static final int LEAST = 10;
  static final int MOST = 99;

  /** A random problem of one side of the split. */
  static Problem draw(Draws draws, double heldOut, boolean wantHeldOut) {
    Problem problem = new Problem(draws.between(LEAST, MOST), draws.between(LEAST, MOST));
    while (problem.isHeldOut(heldOut) != wantHeldOut) {
      problem = new Problem(draws.between(LEAST, MOST), draws.between(LEAST, MOST));
    }
    return problem;
  }

  int sum() {
    return first + second;
  }

  /** Equal for {@code a+b} and {@code b+a}: who knows the one knows the other. */
  String key() {
    return Math.min(first, second) + "+" + Math.max(first, second);
  }

  /**
   * Whether only questions may use it: decided by a hash of the key alone, the same for every
   * family, seed and run.
   */
  boolean isHeldOut(double share) {
    long hash = Hashing.komihash5_0().hashCharsToLong(key());
    return (hash >>> 11) * 0x1.0p-53 < share;
  }

  /** What a solution begins with, e.g. {@code 38+90=}. */
  String left() {
    return first + "+" + second + "=";
  }

  /** The sum in three digits, ones first, e.g. {@code 821}: in this order a digit is known. */
  String right() {
    return new StringBuilder("%03d".formatted(sum())).reverse().toString();
  }

  /** The worked solution, e.g. {@code 38+90=821}. */
  String work() {
    return left() + right();
  }
}
