package dev.modelflow.engine.generate;

import dev.modelflow.engine.random.CounterRandom;
import java.util.List;

/** A prompt to continue, once for each stream of random numbers. */
public final class Request {
  private final int[] prompt;
  private final List<CounterRandom> samples;

  /** Continue {@code prompt}, which is not copied, as often as there are {@code samples}. */
  public Request(int[] prompt, List<CounterRandom> samples) {
    if (prompt.length == 0) {
      throw new IllegalArgumentException("An empty prompt cannot be continued");
    }
    this.prompt = prompt;
    this.samples = List.copyOf(samples);
  }

  /** Continue {@code prompt} once, greedily. */
  public static Request greedy(int[] prompt) {
    return new Request(prompt, List.of(CounterRandom.of(0, "greedy")));
  }

  int[] prompt() {
    return prompt;
  }

  List<CounterRandom> samples() {
    return samples;
  }
}
