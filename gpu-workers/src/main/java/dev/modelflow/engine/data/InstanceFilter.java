package dev.modelflow.engine.data;

import java.util.Arrays;

/**
 * Finds rows in which a few tokens come again and again, and takes their targets away (OLMo-core's
 * instance filter). Padding is no repetition.
 *
 * @param shortest least number of tokens that are repeated, from 1
 * @param longest largest number of them
 * @param times how often the same tokens stand in a row of a repetitive row, from 2
 */
public record InstanceFilter(int shortest, int longest, int times) {
  /**
   * Rows of which some have no targets any more.
   *
   * @param rows all of them
   * @param filtered how many lost their targets
   */
  public record Filtered(PackedRows rows, int filtered) {}

  /** The rows, those that repeat themselves without targets. */
  public Filtered apply(PackedRows rows) {
    int[] targets = rows.targets().clone();
    int filtered = 0;
    for (int row = 0; row < rows.rows(); row++) {
      int from = row * rows.length();
      if (isRepetitive(rows.tokens(), from, from + rows.used(row))) {
        Arrays.fill(targets, from, from + rows.length(), PackedRows.NO_TARGET);
        filtered++;
      }
    }
    return new Filtered(filtered == 0 ? rows : rows.withTargets(targets), filtered);
  }

  /** Whether the tokens {@code from} to before {@code to} hold such a repetition. */
  boolean isRepetitive(int[] tokens, int from, int to) {
    for (int period = shortest; period <= longest; period++) {
      if (repeats(tokens, from, to, period)) {
        return true;
      }
    }
    return false;
  }

  /** Tokens that equal those a period before, so many that they make the repetitions after one. */
  private boolean repeats(int[] tokens, int from, int to, int period) {
    int equal = 0;
    for (int i = from + period; i < to; i++) {
      equal = tokens[i] == tokens[i - period] ? equal + 1 : 0;
      if (equal >= (times - 1) * period) {
        return true;
      }
    }
    return false;
  }
}
