package dev.modelflow.bench;

import dev.modelflow.engine.generate.Continuation;
import dev.modelflow.engine.generate.Generator;
import dev.modelflow.engine.generate.Request;
import dev.modelflow.engine.random.CounterRandom;
import dev.modelflow.engine.tensor.Lanes;
import java.util.List;
import java.util.stream.IntStream;

/** Draws answers to prompts of several lengths, by turns one at a time and many at once. */
final class GenerationMeasure {
  private static final int MANY = 64;
  private static final int ROUNDS = 3;

  /** Answers that are drawn one after the other in a round. */
  private static final int SINGLES = 2;

  private static final int SHORTEST = 16;
  private static final int LONGEST = 64;
  private static final int SPECIALS = 4;

  private final Generator generator;
  private final List<Request> requests;
  private final int answer;

  /**
   * Prompts of 16 to 64 tokens, answers of 64, or of what the context leaves.
   *
   * @param lanes that it may use
   */
  GenerationMeasure(BenchModel model, Lanes lanes) {
    generator = new Generator(model.decoder(), model.weights(), lanes);
    int context = model.decoder().positions();
    int longest = Math.min(LONGEST, context / 2);
    answer = Math.min(LONGEST, context - longest);
    int vocabulary = model.decoder().config().vocabulary();
    requests = IntStream.range(0, MANY).mapToObj(i -> request(i, longest, vocabulary)).toList();
  }

  private static Request request(int item, int longest, int vocabulary) {
    CounterRandom random = CounterRandom.of(item, "prompts");
    int shortest = Math.min(SHORTEST, longest);
    int length = shortest + random.below(longest - shortest + 1, 0);
    int[] prompt =
        IntStream.range(0, length)
            .map(i -> SPECIALS + random.below(vocabulary - SPECIALS, i + 1))
            .toArray();
    return new Request(prompt, List.of(CounterRandom.of(item, "answers")));
  }

  List<Generation> measure() {
    double[] one = new double[ROUNDS];
    double[] many = new double[ROUNDS];
    for (int round = -1; round < ROUNDS; round++) {
      one[Math.max(0, round)] = tokensPerSecond(1, requests.subList(0, SINGLES));
      many[Math.max(0, round)] = tokensPerSecond(MANY, requests);
    }
    return List.of(new Generation(1, Clock.median(one)), new Generation(MANY, Clock.median(many)));
  }

  private double tokensPerSecond(int batch, List<Request> asked) {
    int[] tokens = new int[1];
    double seconds =
        Clock.seconds(
            () -> {
              for (int from = 0; from < asked.size(); from += batch) {
                tokens[0] += tokens(asked.subList(from, from + batch));
              }
            });
    return tokens[0] / seconds;
  }

  private int tokens(List<Request> together) {
    return generator.generate(together, 1, answer).stream()
        .flatMap(List::stream)
        .map(Continuation::tokens)
        .mapToInt(said -> said.length)
        .sum();
  }
}
