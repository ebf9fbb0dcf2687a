package dev.modelflow.engine.data;

import java.util.Arrays;

/** A document, or a piece of one, as the model reads it. */
public final class Sequence {
  private final int[] tokens;
  private final int[] targets;

  /**
   * A sequence over these arrays, which are not copied.
   *
   * @param tokens what is read
   * @param targets what should follow each token, or {@link PackedRows#NO_TARGET}
   */
  public Sequence(int[] tokens, int[] targets) {
    if (tokens.length != targets.length) {
      throw new IllegalArgumentException(
          tokens.length + " tokens do not fit " + targets.length + " targets");
    }
    this.tokens = tokens;
    this.targets = targets;
  }

  /** Number of tokens read. */
  public int length() {
    return tokens.length;
  }

  /** Number of predictions asked for. */
  public int targetCount() {
    return Math.toIntExact(Arrays.stream(targets).filter(target -> target >= 0).count());
  }

  int token(int index) {
    return tokens[index];
  }

  int target(int index) {
    return targets[index];
  }
}
