package dev.modelflow.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.modelflow.engine.random.CounterRandom;
import dev.modelflow.engine.tensor.LibTorch;
import dev.modelflow.engine.tensor.Precision;
import dev.modelflow.engine.tensor.Tensors;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.InferenceMode;

class DecodingTest {
  private static final int VOCABULARY = 70;
  private static final int STEPS = 9;
  private static final float ROUNDING = 2e-4f;

  private static int[] tokens(CounterRandom random, int count) {
    return IntStream.range(0, count).map(i -> random.below(VOCABULARY, i)).toArray();
  }

  /** Prompts of different lengths, of which one ends early and another comes later. */
  @Property(tries = 40)
  void stepsSayWhatThoseOfAGraphSay(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 2) int sharing,
      @ForAll @IntRange(min = 1, max = 9) int window,
      @ForAll @IntRange(min = 1, max = 6) int rows) {
    LibTorch.start();
    ModelConfig model =
        new ModelConfig(5, 16, 4, 24, VOCABULARY, 40, window, 10_000, null)
            .extended(3)
            .withKeyValueHeads(4 / sharing);
    CounterRandom random = CounterRandom.of(seed, "decoding");
    List<int[]> prompts =
        IntStream.range(0, rows)
            .mapToObj(i -> tokens(random.at(i), 1 + random.below(60, i)))
            .toList();
    try (InferenceMode _ = new InferenceMode();
        PointerScope _ = new PointerScope();
        Parameters values =
            Parameters.initialized(
                new ParameterLayout(model), new Initialization(0.5, 0.3, 0.5), seed);
        Weights weights = Weights.forInference(model, values);
        DecodeWeights packed = new DecodeWeights(model, values, Precision.FLOAT32);
        Decoder decoder = new Decoder(model, 120);
        KeyValueCache own = new KeyValueCache(model, rows + 1, 100, true);
        KeyValueCache graphs = new KeyValueCache(model, rows + 1, 100);
        ReadPrompts read = decoder.read(weights, prompts)) {
      Decoding decoding = new Decoding(decoder, packed, rows + 1);
      List.of(own, graphs).forEach(cache -> cache.add(read, IntStream.range(0, rows).toArray()));
      for (int step = 0; step < STEPS; step++) {
        if (step == STEPS / 3) {
          List.of(own, graphs).forEach(cache -> cache.add(read, new int[] {rows - 1}));
        }
        if (step == STEPS / 2) {
          List.of(own, graphs).forEach(cache -> cache.remove(0));
        }
        int inUse = rows + (step >= STEPS / 3 ? 1 : 0) - (step >= STEPS / 2 ? 1 : 0);
        int[] said = tokens(random.at(rows + step), inUse);
        float[] logits = Tensors.toFloats(decoding.logits(said, own).tensor());
        float[] expected = Tensors.toFloats(weights.logits(decoder.next(weights, said, graphs)));
        for (int i = 0; i < expected.length; i++) {
          assertThat(logits[i])
              .as("step %d, value %d", step, i)
              .isCloseTo(expected[i], within(ROUNDING * (1 + Math.abs(expected[i]))));
        }
      }
    }
  }
}
