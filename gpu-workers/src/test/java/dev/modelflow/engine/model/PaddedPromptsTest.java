package dev.modelflow.engine.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelflow.engine.tensor.LibTorch;
import dev.modelflow.engine.tensor.Tensors;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;

class PaddedPromptsTest {
  @Property(tries = 200)
  void aRingKeepsTheLatestOfEachPlace(
      @ForAll @Size(min = 1, max = 4) List<@IntRange(min = 1, max = 60) Integer> lengths,
      @ForAll @IntRange(min = 1, max = 12) int window) {
    LibTorch.start();
    PaddedPrompts padded = new PaddedPrompts(lengths.stream().map(int[]::new).toList(), window);
    try (PointerScope _ = new PointerScope()) {
      Tensor ring = padded.ring(window);
      int longest = lengths.stream().mapToInt(length -> length).max().orElseThrow();
      assertThat(ring == null).isEqualTo(padded.columns() <= window);
      assertThat(padded.columns()).isBetween(longest, longest + window - 1);
      if (ring != null) {
        long[] kept = Tensors.toLongs(ring);
        for (int row = 0; row < lengths.size(); row++) {
          int start = row * padded.columns();
          int length = lengths.get(row);
          int at = row * window;
          IntStream.range(Math.max(0, length - window), length)
              .forEach(
                  position -> assertThat(kept[at + position % window]).isEqualTo(start + position));
        }
      }
    }
  }

  @Property(tries = 100)
  void rowsBeginWithTheirPrompts(
      @ForAll @Size(min = 1, max = 4) List<@Size(min = 1, max = 30) int[]> prompts,
      @ForAll @IntRange(min = 0, max = 5) int window) {
    PaddedPrompts padded = new PaddedPrompts(prompts, window);
    for (int row = 0; row < prompts.size(); row++) {
      int[] prompt = prompts.get(row);
      int start = row * padded.columns();
      assertThat(padded.tokens()).hasSize(prompts.size() * padded.columns());
      assertThat(IntStream.range(0, prompt.length).map(i -> padded.tokens()[start + i]))
          .containsExactly(IntStream.of(prompt).boxed().toArray(Integer[]::new));
      assertThat(padded.lengths()[row]).isEqualTo(prompt.length);
    }
  }
}
