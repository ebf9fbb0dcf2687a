package dev.modelflow.engine.policy;

import dev.modelflow.engine.data.PackedAnswers;
import dev.modelflow.engine.data.Sequence;
import dev.modelflow.engine.generate.Continuation;

/**
 * An answer to learn from.
 *
 * @param prompt tokens before the answer; shared with its group
 * @param answer what was said, with the sampler's log-probabilities
 * @param advantage of the answer within its group
 */
public record Rollout(Prompted prompt, Continuation answer, double advantage) {
  /** The prompt and the answer as the learner reads them. */
  public Sequence sequence() {
    return PackedAnswers.sequence(prompt.tokens(), answer.tokens());
  }

  /** A prompt's tokens, shared by its group. */
  public static final class Prompted {
    private final int[] tokens;

    /** These tokens, which are not copied. */
    public Prompted(int[] tokens) {
      this.tokens = tokens;
    }

    int[] tokens() {
      return tokens;
    }
  }
}
