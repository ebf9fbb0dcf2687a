package dev.modelflow.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.modelflow.engine.data.PackedRows;
import dev.modelflow.engine.data.Sequence;
import dev.modelflow.engine.learn.Scorer;
import dev.modelflow.engine.random.CounterRandom;
import dev.modelflow.engine.tensor.Lanes;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class MixtureTest {
  /** One seed, since two shares as good as equal may be ranked otherwise in floats and doubles. */
  @Property(tries = 40, seed = "7")
  void whateverItsSizesAMixtureScoresAsThePlainLoopsDo(
      @ForAll @IntRange(min = 2, max = 9) int count,
      @ForAll @IntRange(min = 1, max = 9) int most,
      @ForAll @IntRange(min = 1, max = 20) int length,
      @ForAll @IntRange(min = 1, max = 1000) int seed) {
    ModelConfig model =
        new ModelConfig(2, 8, 2, 6, 40, 20, 4, 10_000, null)
            .withExperts(new Experts(count, Math.min(most, count), 0, 0));
    CounterRandom random = CounterRandom.of(seed, "tokens");
    int[] tokens = new int[length + 1];
    Arrays.setAll(tokens, i -> 4 + random.below(36, i));
    int[] read = Arrays.copyOf(tokens, length);
    int[] targets = Arrays.copyOfRange(tokens, 1, length + 1);
    try (Lanes lanes = new Lanes(1);
        Decoder decoder = new Decoder(model, length);
        Parameters weights =
            Parameters.initialized(
                new ParameterLayout(model), new Initialization(0.5, 0.3, 0.5), seed)) {
      double[] expected = new ReferenceDecoder(model, weights).logProbs(read, targets);
      PackedRows rows = PackedRows.of(List.of(List.of(new Sequence(read, targets))), length);
      float[] actual = new Scorer(decoder, weights, lanes).logProbs(List.of(rows)).getFirst();
      for (int i = 0; i < length; i++) {
        assertThat((double) actual[i]).as("token %d", i).isCloseTo(expected[i], within(1e-4));
      }
    }
  }

  @Test
  void expertsThatDoNotFitTogetherAreRefusedByTheirKey() {
    assertThatThrownBy(() -> new Experts(1, 1, 0, 0))
        .hasMessage("model.experts.count is 1: use at least 2");
    assertThatThrownBy(() -> new Experts(4, 5, 0, 0))
        .hasMessage("model.experts.perToken is 5: use 1 to the 4 there are");
    assertThatThrownBy(() -> new Experts(4, 2, -1, 0))
        .hasMessage("model.experts.balanceLoss is -1.0: use a number of at least 0");
    assertThatThrownBy(() -> new Experts(4, 2, 0, Double.NaN))
        .hasMessage("model.experts.routerZLoss is NaN: use a number of at least 0");
  }
}
