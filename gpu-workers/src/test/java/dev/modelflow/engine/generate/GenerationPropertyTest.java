package dev.modelflow.engine.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.modelflow.engine.learn.Scorer;
import dev.modelflow.engine.model.Decoder;
import dev.modelflow.engine.model.Initialization;
import dev.modelflow.engine.model.ModelConfig;
import dev.modelflow.engine.model.ParameterLayout;
import dev.modelflow.engine.model.Parameters;
import dev.modelflow.engine.random.CounterRandom;
import dev.modelflow.engine.ranks.Ranks;
import dev.modelflow.engine.tensor.Lanes;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class GenerationPropertyTest {
  private static final ModelConfig MODEL =
      new ModelConfig(5, 16, 4, 24, 50, 40, 6, 10_000, null).extended(2).withKeyValueHeads(2);
  private static final float ROUNDING = 1e-4f;

  /** What rounding may add to a sum of shares, or to a difference of two scores. */
  private static final double NARROW = 1e-5;

  /** What is asked of one prompt. */
  record Asked(int number, int length, int samples) {
    Request request(BitSet ends) {
      CounterRandom random = CounterRandom.of(number, "answers");
      return new Request(
          ToyPrompts.prompt(number, length),
          IntStream.range(0, samples).mapToObj(random::at).toList(),
          ends);
    }
  }

  @Provide
  Arbitrary<Asked> asked() {
    return Combinators.combine(
            Arbitraries.integers().between(0, 1000),
            Arbitraries.integers().between(1, 40),
            Arbitraries.integers().between(1, 5))
        .as(Asked::new);
  }

  @Property(tries = 60)
  void whoElseIsAskedChangesNoAnswer(
      @ForAll @Size(min = 1, max = 12) List<@From("asked") Asked> asked,
      @ForAll @IntRange(min = 1, max = 7) int rows,
      @ForAll @IntRange(min = 1, max = 30) int longest,
      @ForAll boolean greedy) {
    BitSet ends = new BitSet();
    IntStream.of(5, 15, 25, 35, 45).forEach(ends::set);
    double temperature = greedy ? 0 : 1.2;
    List<Request> requests = asked.stream().map(each -> each.request(ends)).toList();
    try (Lanes lanes = new Lanes(2);
        Parameters weights =
            Parameters.initialized(
                new ParameterLayout(MODEL), new Initialization(0.5, 0.3, 0.5), 3);
        Decoder decoder = new Decoder(MODEL, MODEL.context())) {
      List<List<Continuation>> together =
          new Generator(decoder, weights, lanes, Ranks.alone(), rows)
              .generate(requests, temperature, longest);
      Generator alone = new Generator(decoder, weights, lanes, Ranks.alone(), 1);
      Scorer scorer = new Scorer(decoder, weights, lanes);
      for (int i = 0; i < requests.size(); i++) {
        List<Continuation> own =
            alone.generate(List.of(requests.get(i)), temperature, longest).getFirst();
        assertThat(together.get(i)).hasSameSizeAs(own);
        for (int sample = 0; sample < own.size(); sample++) {
          Choice choice = new Choice(scorer, requests.get(i), sample, temperature);
          assertSame(together.get(i).get(sample), own.get(sample), choice);
        }
      }
    }
  }

  /**
   * The same up to a token that rounding chose: prompts and answers that are computed together are
   * rounded otherwise than each alone. Behind such a token they are answers to something else.
   */
  private static void assertSame(Continuation one, Continuation own, Choice choice) {
    int parting = Arrays.mismatch(one.tokens(), own.tokens());
    if (parting < 0) {
      assertThat(one.ended()).isEqualTo(own.ended());
    } else {
      assertThat(parting).isLessThan(one.tokens().length).isLessThan(own.tokens().length);
      choice.assertMay(one.tokens(), parting);
      choice.assertMay(own.tokens(), parting);
    }
    int same = parting < 0 ? own.tokens().length : parting;
    assertThat(Arrays.copyOf(one.logProbs(), same))
        .containsExactly(Arrays.copyOf(own.logProbs(), same), within(ROUNDING));
  }

  /** How a sample's tokens are chosen. */
  private record Choice(Scorer scorer, Request request, int sample, double temperature) {
    /** Fails unless a token is the choice after those before it, or as good as that. */
    void assertMay(int[] tokens, int at) {
      double[] scores = scores(tokens, at);
      int token = tokens[at];
      if (temperature == 0) {
        double best = DoubleStream.of(scores).max().orElseThrow();
        assertThat(scores[token]).as("score of token %d", at).isCloseTo(best, within(NARROW));
      } else {
        double[] shares = DoubleStream.of(scores).map(it -> Math.exp(it / temperature)).toArray();
        double all = DoubleStream.of(shares).sum();
        double before = DoubleStream.of(shares).limit(token).sum() / all;
        assertThat(request.samples().get(sample).uniform(at))
            .as("random number of token %d", at)
            .isBetween(before - NARROW, before + shares[token] / all + NARROW);
      }
    }

    /** Each token's log-probability at temperature 1 behind the prompt and what was said. */
    private double[] scores(int[] tokens, int said) {
      int[] prompt = request.prompt();
      int[] read = Arrays.copyOf(prompt, prompt.length + said);
      System.arraycopy(tokens, 0, read, prompt.length, said);
      return IntStream.range(0, MODEL.vocabulary())
          .mapToObj(token -> ToyPrompts.row(read, new int[] {token}))
          .mapToDouble(row -> scorer.logProbs(List.of(row)).getFirst()[0])
          .toArray();
    }
  }
}
