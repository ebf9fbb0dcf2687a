package dev.modelflow.engine.generate;

import dev.modelflow.engine.random.CounterRandom;
import dev.modelflow.text.SpecialIds;
import java.util.BitSet;
import java.util.List;

/** A prompt to continue, once for each stream of random numbers. */
public final class Request {
  private static final BitSet TRAINED_ENDS = ends(SpecialIds.TRAINED);

  private final int[] prompt;
  private final List<CounterRandom> samples;
  private final BitSet ends;

  /**
   * Continue {@code prompt}, which is not copied, as often as there are {@code samples}, in the
   * tokens of a tokenizer that curate trained.
   */
  public Request(int[] prompt, List<CounterRandom> samples) {
    this(prompt, samples, TRAINED_ENDS);
  }

  /**
   * Continue {@code prompt} as often as there are {@code samples}; nothing is copied.
   *
   * @param ends tokens that end the answer, see {@link #ends}
   */
  public Request(int[] prompt, List<CounterRandom> samples, BitSet ends) {
    if (prompt.length == 0) {
      throw new IllegalArgumentException("An empty prompt cannot be continued");
    }
    this.prompt = prompt;
    this.samples = List.copyOf(samples);
    this.ends = ends;
  }

  /** Tokens that end an answer of a model with these special tokens: of a text or a message. */
  public static BitSet ends(SpecialIds specials) {
    BitSet ends = new BitSet();
    specials.ends().forEach(ends::set);
    return ends;
  }

  /** Continue {@code prompt} once, greedily, in the tokens of a tokenizer that curate trained. */
  public static Request greedy(int[] prompt) {
    return greedy(prompt, TRAINED_ENDS);
  }

  /**
   * Continue {@code prompt} once, greedily.
   *
   * @param ends tokens that end the answer, see {@link #ends}
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

  /** Its answers, of which nothing is said yet. */
  List<Answer> answers(int longest) {
    return samples.stream().map(random -> new Answer(this, random, longest)).toList();
  }

  boolean endsAt(int token) {
    return ends.get(token);
  }
}
