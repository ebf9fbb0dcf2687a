package dev.modelflow.engine.generate;

import dev.modelflow.engine.random.CounterRandom;
import java.util.Arrays;

/** One sample of a request in the making. */
final class Answer {
  private static final float BELOW_ONE = Math.nextDown(1f);

  private final Request request;
  private final CounterRandom random;
  private final int[] tokens;
  private final float[] logProbs;
  private int length;
  private boolean ended;

  /**
   * Nothing said yet.
   *
   * @param longest most tokens that it may have
   */
  Answer(Request request, CounterRandom random, int longest) {
    this.request = request;
    this.random = random;
    tokens = new int[longest];
    logProbs = new float[longest];
  }

  /** Notes the token that was chosen next. */
  void note(int token, float logProb) {
    tokens[length] = token;
    logProbs[length++] = logProb;
    ended = request.endsAt(token);
  }

  /** Whether no token follows: it ended by itself or has as many as it may. */
  boolean done() {
    return ended || length == tokens.length;
  }

  /** The token noted last. */
  int last() {
    return tokens[length - 1];
  }

  /**
   * The random number for the next token, below 1: it hangs on how many there are, and on nothing
   * else.
   */
  float uniform() {
    // Rounded to a float, it may be 1, at which a draw would take the last token of all.
    return Math.min((float) random.uniform(length), BELOW_ONE);
  }

  Continuation continuation() {
    return new Continuation(Arrays.copyOf(tokens, length), Arrays.copyOf(logProbs, length), ended);
  }
}
