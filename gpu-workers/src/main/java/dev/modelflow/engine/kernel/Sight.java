package dev.modelflow.engine.kernel;

import java.util.Arrays;

/**
 * What the tokens of packed rows see: each itself and some before it, none further back than the
 * token before it.
 */
public final class Sight {
  private final int length;
  private final int[] before;

  private Sight(int length, int[] before) {
    this.length = length;
    this.before = before;
  }

  /**
   * A token sees the tokens of its document before it, at most a window with its own.
   *
   * @param positions of each token in its document, row by row
   * @param length tokens a row
   * @param window 0: none
   */
  public static Sight of(int[] positions, int length, int window) {
    int most = window == 0 ? Integer.MAX_VALUE : window - 1;
    return new Sight(
        length, Arrays.stream(positions).map(position -> Math.min(position, most)).toArray());
  }

  /** Tokens a row. */
  int length() {
    return length;
  }

  int rows() {
    return before.length / length;
  }

  /** The first token that one sees, both counted from the beginning of their row. */
  int first(int row, int token) {
    return token - before[row * length + token];
  }
}
