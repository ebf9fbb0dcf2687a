package dev.modelflow.engine.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.modelflow.engine.learn.Scorer;
import dev.modelflow.engine.model.DecodeWeights;
import dev.modelflow.engine.model.Decoder;
import dev.modelflow.engine.model.Initialization;
import dev.modelflow.engine.model.ModelConfig;
import dev.modelflow.engine.model.ParameterLayout;
import dev.modelflow.engine.model.Parameters;
import dev.modelflow.engine.model.Weights;
import dev.modelflow.engine.random.CounterRandom;
import dev.modelflow.engine.ranks.RankThreads;
import dev.modelflow.engine.ranks.Ranks;
import dev.modelflow.engine.tensor.Lanes;
import dev.modelflow.engine.tensor.NativeMemory;
import dev.modelflow.engine.tensor.Precision;
import dev.modelflow.engine.tensor.SignOfLife;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ContinuousBatchingTest {
  private static final int ROWS = 8;
  private static final int LONGEST = 40;
  private static final ModelConfig MODEL =
      new ModelConfig(4, 16, 2, 24, 50, 64, 6, 10_000, null).extended(4).withKeyValueHeads(1);

  private final Lanes lanes = new Lanes(2);
  private final Parameters weights =
      Parameters.initialized(new ParameterLayout(MODEL), new Initialization(0.5, 0.3, 0.5), 3);
  private final Decoder decoder = new Decoder(MODEL, MODEL.context());

  @AfterEach
  void free() {
    decoder.close();
    weights.close();
    lanes.close();
  }

  /** Every tenth token ends an answer, so that they are of very different lengths. */
  private static List<Request> requests(int count, int samples) {
    BitSet ends = new BitSet();
    IntStream.of(7, 17, 27, 37, 47).forEach(ends::set);
    return IntStream.range(0, count)
        .mapToObj(
            i ->
                new Request(
                    ToyPrompts.prompt(i, 1 + i * 13 % 30),
                    IntStream.range(0, samples)
                        .mapToObj(CounterRandom.of(i, "answers")::at)
                        .toList(),
                    ends))
        .toList();
  }

  private Generator generator(int rows) {
    return new Generator(decoder, weights, lanes, Ranks.alone(), rows);
  }

  @Test
  void anAnswerThatEndsMakesRoomForTheNextAtOnce() {
    try (Weights views = Weights.forInference(MODEL, weights);
        DecodeWeights packed = new DecodeWeights(MODEL, weights, Precision.FLOAT32);
        GenerationLane lane =
            new GenerationLane(
                decoder, new TokenChoice(views, 1), packed, requests(160, 1), LONGEST, ROWS)) {
      int[] lengths =
          lane.run(SignOfLife.NONE).stream()
              .mapToInt(said -> said.getFirst().tokens().length)
              .toArray();
      // The first token comes with the prompt.
      int tokens = IntStream.of(lengths).sum() - lengths.length;
      int inFixedBatches = 0;
      for (int from = 0; from < lengths.length; from += ROWS) {
        inFixedBatches += IntStream.of(lengths).skip(from).limit(ROWS).max().orElse(0) - 1;
      }

      assertThat(lane.steps()).isBetween(tokens / ROWS, tokens * 9 / 8 / ROWS + LONGEST);
      assertThat(lane.steps()).isLessThan(inFixedBatches * 2 / 3);
    }
  }

  @Test
  void answersThatShareAPromptMayBeMoreThanThereAreRows() {
    List<Request> requests = requests(3, 3 * ROWS);
    List<List<Continuation>> few = generator(ROWS).generate(requests, 1, LONGEST);
    List<List<Continuation>> all = generator(100 * ROWS).generate(requests, 1, LONGEST);

    for (int i = 0; i < requests.size(); i++) {
      assertThat(few.get(i)).hasSameSizeAs(requests.get(i).samples());
      for (int sample = 0; sample < few.get(i).size(); sample++) {
        assertThat(few.get(i).get(sample).tokens()).isEqualTo(all.get(i).get(sample).tokens());
      }
    }
  }

  @Test
  void equalRequestsGiveEqualBits() {
    List<Request> requests = requests(50, 2);
    assertThat(generator(ROWS).generate(requests, 0.7, LONGEST))
        .usingRecursiveComparison()
        .isEqualTo(generator(ROWS).generate(requests, 0.7, LONGEST));
  }

  /** Fewer prompts than lanes, too, so that a rank has none. */
  @ParameterizedTest
  @ValueSource(ints = {1, 4, 13})
  void lanesOfSeveralRanksGiveTheBitsOfAsManyLanesOfOne(int prompts) throws Exception {
    List<Request> requests = requests(prompts, 3);
    List<List<Continuation>> expected;
    try (Lanes six = new Lanes(6)) {
      expected =
          new Generator(decoder, weights, six, Ranks.alone(), ROWS).generate(requests, 1, LONGEST);
    }
    List<List<List<Continuation>>> said =
        RankThreads.run(
            3,
            ranks -> {
              try (Lanes two = new Lanes(2)) {
                return new Generator(decoder, weights, two, ranks, ROWS)
                    .generate(requests, 1, LONGEST);
              }
            });
    assertThat(said)
        .hasSize(3)
        .allSatisfy(all -> assertThat(all).usingRecursiveComparison().isEqualTo(expected));
  }

  @Test
  void answersBeyondTheFirstPlacesScoreAsIfReadAtOnce() {
    List<int[]> prompts =
        List.of(
            ToyPrompts.prompt(0, 1),
            ToyPrompts.prompt(1, 70),
            ToyPrompts.prompt(2, 25),
            ToyPrompts.prompt(3, 3));
    List<Request> requests =
        prompts.stream().map(prompt -> Request.greedy(prompt, new BitSet())).toList();
    List<List<Continuation>> said = generator(2).generate(requests, 0, 150);

    Scorer scorer = new Scorer(decoder, weights, lanes);
    for (int i = 0; i < prompts.size(); i++) {
      Continuation answer = said.get(i).getFirst();
      float[] again =
          scorer.logProbs(List.of(ToyPrompts.row(prompts.get(i), answer.tokens()))).getFirst();
      assertThat(answer.logProbs()).hasSize(150).containsExactly(again, within(1e-4f));
    }
  }

  @Test
  void manyRoundsLeaveNativeMemoryFlat() {
    List<Request> requests = requests(30, 2);
    Generator generator = generator(ROWS);
    long before = 0;
    long after = Long.MAX_VALUE;
    for (int round = 0; round < 300; round++) {
      if (round == 100) {
        before = NativeMemory.inUse();
      }
      generator.generate(requests, 1, 10);
      if (round >= 250) {
        after = Math.min(after, NativeMemory.inUse());
      }
    }
    // A cache that stayed behind would be more than 100 kB a round.
    assertThat(after - before).isLessThan(1L << 20);
  }
}
