package dev.modelflow.engine.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.modelflow.engine.data.PackedRows;
import dev.modelflow.engine.learn.Scorer;
import dev.modelflow.engine.model.Decoder;
import dev.modelflow.engine.model.Initialization;
import dev.modelflow.engine.model.ModelConfig;
import dev.modelflow.engine.model.ParameterLayout;
import dev.modelflow.engine.model.Parameters;
import dev.modelflow.engine.random.CounterRandom;
import dev.modelflow.engine.tensor.Lanes;
import dev.modelflow.engine.tensor.Precision;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HalfPrecisionGenerationTest {
  private static final ModelConfig MODEL =
      new ModelConfig(5, 16, 2, 24, 50, 16, 6, 10_000, null).extended(4).withKeyValueHeads(1);

  /** A few roundings to eight bits of mantissa in sums of another order. */
  private static final float ROUNDING = 0.03f;

  private static List<Request> requests() {
    return IntStream.range(0, 12)
        .mapToObj(
            i ->
                new Request(
                    ToyPrompts.prompt(i, 2 + 2 * i), List.of(CounterRandom.of(i, "answers"))))
        .toList();
  }

  @Test
  void stepsOfManyAnswersScoreAsIfReadAtOnce() {
    try (Lanes lanes = new Lanes(2);
        Parameters weights =
            Parameters.initialized(
                new ParameterLayout(MODEL), new Initialization(0.5, 0.3, 0.5), 3);
        Decoder halves = new Decoder(MODEL, 64, Precision.BF16);
        Decoder floats = new Decoder(MODEL, 64)) {
      List<Request> requests = requests();
      List<List<Continuation>> said =
          new Generator(halves, weights, lanes).generate(requests, 1, 20);
      Scorer scorer = new Scorer(halves, weights, lanes);
      Scorer exact = new Scorer(floats, weights, lanes);
      List<Double> fromHalves = new ArrayList<>();
      List<Double> fromFloats = new ArrayList<>();
      for (int i = 0; i < requests.size(); i++) {
        Continuation answer = said.get(i).getFirst();
        PackedRows row = ToyPrompts.row(requests.get(i).prompt(), answer.tokens());
        float[] again = scorer.logProbs(List.of(row)).getFirst();
        float[] float32 = exact.logProbs(List.of(row)).getFirst();
        assertThat(answer.logProbs()).containsExactly(again, within(ROUNDING));
        for (int k = 0; k < again.length; k++) {
          fromHalves.add(Math.abs((double) answer.logProbs()[k] - again[k]));
          fromFloats.add(Math.abs((double) answer.logProbs()[k] - float32[k]));
        }
      }
      // Nearer to what the same precision says than to what float32 does.
      assertThat(mean(fromHalves)).isLessThan(mean(fromFloats));
    }
  }

  private static double mean(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
  }
}
