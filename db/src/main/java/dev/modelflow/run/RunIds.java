package dev.modelflow.run;

import java.security.SecureRandom;

/**
 * Ids of runs: ULIDs in lower case, 26 characters of Crockford's base 32, of which the first ten
 * are the time in milliseconds, so that ids sort by age.
 */
public final class RunIds {
  private static final String ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";
  private static final int TIME_DIGITS = 10;
  private static final int RANDOM_DIGITS = 16;
  private static final SecureRandom RANDOM = new SecureRandom();

  private RunIds() {}

  /** A new id. */
  public static String next() {
    return of(System.currentTimeMillis());
  }

  static String of(long millis) {
    StringBuilder id = new StringBuilder();
    for (int digit = TIME_DIGITS - 1; digit >= 0; digit--) {
      id.append(ALPHABET.charAt((int) (millis >>> (5 * digit)) & 31));
    }
    for (int digit = 0; digit < RANDOM_DIGITS; digit++) {
      id.append(ALPHABET.charAt(RANDOM.nextInt(32)));
    }
    return id.toString();
  }
}
