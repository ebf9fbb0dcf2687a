package dev.modelflow.engine.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.modelflow.engine.learn.Scorer;
import dev.modelflow.engine.model.Decoder;
import dev.modelflow.engine.model.Initialization;
import dev.modelflow.engine.model.ModelConfig;
import dev.modelflow.engine.model.ParameterLayout;
import dev.modelflow.engine.model.Parameters;
import dev.modelflow.engine.random.CounterRandom;
import dev.modelflow.engine.tensor.Lanes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GeneratorTest {
  private static final ModelConfig MODEL =
      new ModelConfig(5, 16, 2, 24, 50, 16, 6, 10_000, null).extended(4).withKeyValueHeads(1);

  private final Lanes lanes = new Lanes(2);
  private final Parameters weights =
      Parameters.initialized(new ParameterLayout(MODEL), new Initialization(0.5, 0.3, 0.5), 3);
  private final Decoder decoder = new Decoder(MODEL, 64);
  private final Generator generator = new Generator(decoder, weights, lanes);

  @AfterEach
  void free() {
    decoder.close();
    weights.close();
    lanes.close();
  }

  private static List<Request> requests() {
    CounterRandom random = CounterRandom.of(1, "answers");
    List<Request> requests = new ArrayList<>();
    for (int i = 0; i < 7; i++) {
      requests.add(
          new Request(
              ToyPrompts.prompt(i, 3 + 2 * i), List.of(random.at(i).at(0), random.at(i).at(1))));
    }
    return requests;
  }

  @Test
  void theCacheGivesTheSameLogProbabilitiesAsReadingEverythingAgain() {
    List<Request> requests = requests();
    List<List<Continuation>> said = generator.generate(requests, 1, 20);

    for (int i = 0; i < requests.size(); i++) {
      for (Continuation continuation : said.get(i)) {
        float[] again = rescored(requests.get(i).prompt(), continuation.tokens());
        for (int k = 0; k < again.length; k++) {
          assertThat(continuation.logProbs()[k]).isCloseTo(again[k], within(1e-4f));
        }
      }
    }
  }

  private float[] rescored(int[] prompt, int[] answer) {
    return new Scorer(decoder, weights, lanes)
        .logProbs(List.of(ToyPrompts.row(prompt, answer)))
        .getFirst();
  }

  @Test
  void greedyGenerationTakesTheLikeliestTokenEachTime() {
    int[] prompt = {5, 6, 7};
    Continuation said =
        generator.generate(List.of(Request.greedy(prompt)), 0, 1).getFirst().getFirst();

    for (int other = 0; other < MODEL.vocabulary(); other++) {
      assertThat(rescored(prompt, new int[] {other})[0])
          .isLessThanOrEqualTo(said.logProbs()[0] + 1e-5f);
    }
  }

  @Test
  void anAnswerEndsWithTheFirstTokenThatEndsIt() {
    int[] prompt = {5, 6, 7};
    int[] whole = only(Request.greedy(prompt)).tokens();
    int end = whole[4];
    BitSet ends = new BitSet();
    ends.set(end);
    Continuation cut = only(Request.greedy(prompt, ends));

    int first = IntStream.of(whole).boxed().toList().indexOf(end);
    assertThat(cut.ended()).isTrue();
    assertThat(cut.tokens()).isEqualTo(Arrays.copyOf(whole, first + 1));
    assertThat(cut.content()).isEqualTo(Arrays.copyOf(whole, first));
  }

  private Continuation only(Request request) {
    return generator.generate(List.of(request), 0, 8).getFirst().getFirst();
  }

  @Test
  void whatDoesNotFitTheModelIsRefused() {
    Request request = Request.greedy(new int[] {5, 6, 7});
    assertThat(generator.generate(List.of(request), 0, 62)).hasSize(1);
    assertThatThrownBy(() -> generator.generate(List.of(request), 0, 63))
        .hasMessage(
            "A prompt of 3 tokens and an answer of up to 63 do not fit the context of 64: shorten"
                + " one");
    assertThatThrownBy(() -> generator.generate(List.of(Request.greedy(new int[] {50})), 0, 1))
        .hasMessage("Token 50 of a prompt is none of the model's, which are 0 to 49");
  }

  @Test
  void equalRandomNumbersGiveEqualAnswersAndOthersDoNot() {
    List<List<Continuation>> first = generator.generate(requests(), 1, 12);
    List<List<Continuation>> second = generator.generate(requests(), 1, 12);

    for (int i = 0; i < first.size(); i++) {
      assertThat(second.get(i)).usingRecursiveComparison().isEqualTo(first.get(i));
      assertThat(first.get(i).get(1).tokens()).isNotEqualTo(first.get(i).get(0).tokens());
    }
  }

  @Test
  void drawsFollowTheModelsDistribution() {
    int[] prompt = {9, 4, 20};
    List<CounterRandom> streams = new ArrayList<>();
    for (int i = 0; i < 4000; i++) {
      streams.add(CounterRandom.of(5, "draws").at(i));
    }
    int[] counts = new int[MODEL.vocabulary()];
    generator
        .generate(List.of(new Request(prompt, streams)), 1, 1)
        .getFirst()
        .forEach(said -> counts[said.tokens()[0]]++);

    for (int token = 0; token < counts.length; token++) {
      double probability = Math.exp(rescored(prompt, new int[] {token})[0]);
      double deviation = Math.sqrt(probability * (1 - probability) / 4000);
      assertThat(counts[token] / 4000.0).isCloseTo(probability, within(5 * deviation + 1e-3));
    }
  }
}
