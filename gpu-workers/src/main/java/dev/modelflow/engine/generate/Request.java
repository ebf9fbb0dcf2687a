package dev.modelflow.engine.generate;

import dev.modelflow.engine.random.CounterRandom;
import dev.modelflow.text.SpecialToken;
import java.util.BitSet;
import java.util.List;

/** A prompt to continue, once for each stream of random numbers. */
public final class Request {
  private final int[] prompt;
  private final List<CounterRandom> samples;
  private final BitSet ends;

  /** Continue {@code prompt}, which is not copied, as often as there are {@code samples}. */
  public Request(int[] prompt, List<CounterRandom> samples) {
    this(prompt, samples, new BitSet());
  }

  private Request(int[] prompt, List<CounterRandom> samples, BitSet ends) {
    if (prompt.length == 0) {
      throw new IllegalArgumentException("An empty prompt cannot be continued");
    }
    this.prompt = prompt;
    this.samples = List.copyOf(samples);
    this.ends = ends;
  }

  /** Continue {@code prompt} once, greedily. */
  public static Request greedy(int[] prompt) {
    return greedy(prompt, new BitSet());
  }

  /**
   * Continue {@code prompt} once, greedily.
   *
   * @param ends tokens that end the answer, beside those that end a text or a message
   */
  public static Request greedy(int[] prompt, BitSet ends) {
    return new Request(prompt, List.of(CounterRandom.of(0, "greedy")), ends);
  }

  /** Tokens of the prompt. */
  public int length() {
    return prompt.length;
  }

  int[] prompt() {
    return prompt;
  }

  List<CounterRandom> samples() {
    return samples;
  }

  boolean endsAt(int token) {
    return token == SpecialToken.END_OF_TEXT.id()
        || token == SpecialToken.MESSAGE_END.id()
        || ends.get(token);
  }
}
