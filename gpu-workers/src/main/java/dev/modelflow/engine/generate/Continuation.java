package dev.modelflow.engine.generate;

import java.util.Arrays;

/** What a model said after a prompt. Its arrays are shared, not copied: leave them as they are. */
public final class Continuation {
  private final int[] tokens;
  private final float[] logProbs;
  private final boolean ended;

  Continuation(int[] tokens, float[] logProbs, boolean ended) {
    this.tokens = tokens;
    this.logProbs = logProbs;
    this.ended = ended;
  }

  /** The tokens; the last one is the token that ends the answer, if it ended. */
  public int[] tokens() {
    return tokens;
  }

  /** Each token's log-probability at the temperature it was drawn at. */
  public float[] logProbs() {
    return logProbs;
  }

  /** Whether it ended by itself, not by the limit. */
  public boolean ended() {
    return ended;
  }

  /** The tokens without the one that ends the answer. */
  public int[] content() {
    return ended ? Arrays.copyOf(tokens, tokens.length - 1) : tokens;
  }
}
