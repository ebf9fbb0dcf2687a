package dev.modelflow.engine.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.modelflow.engine.model.Decoder;
import dev.modelflow.engine.model.Initialization;
import dev.modelflow.engine.model.ModelConfig;
import dev.modelflow.engine.model.ParameterLayout;
import dev.modelflow.engine.model.Parameters;
import dev.modelflow.engine.random.CounterRandom;
import dev.modelflow.engine.ranks.Ranks;
import dev.modelflow.engine.tensor.Lanes;
import java.util.BitSet;
import java.util.List;
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
      for (int i = 0; i < requests.size(); i++) {
        List<Continuation> own =
            alone.generate(List.of(requests.get(i)), temperature, longest).getFirst();
        assertThat(together.get(i)).hasSameSizeAs(own);
        for (int sample = 0; sample < own.size(); sample++) {
          assertSame(together.get(i).get(sample), own.get(sample));
        }
      }
    }
  }

  private static void assertSame(Continuation one, Continuation other) {
    assertThat(one.tokens()).isEqualTo(other.tokens());
    assertThat(one.ended()).isEqualTo(other.ended());
    assertThat(one.logProbs()).containsExactly(other.logProbs(), within(ROUNDING));
  }
}
