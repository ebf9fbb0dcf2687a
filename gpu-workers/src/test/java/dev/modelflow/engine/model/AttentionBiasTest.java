package dev.modelflow.engine.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelflow.engine.tensor.LibTorch;
import dev.modelflow.engine.tensor.Tensors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.bytedeco.javacpp.PointerScope;

class AttentionBiasTest {
  private static final int LENGTH = 16;

  @BeforeContainer
  static void start() {
    LibTorch.start();
  }

  @Property(tries = 50)
  void whatAGpuComputesIsWhatTheProcessorWrites(
      @ForAll @Size(2) int[] firstLengths, @ForAll @IntRange(max = 20) int window) {
    int[] positions = positions(firstLengths);
    try (PointerScope _ = new PointerScope()) {
      long[] reaches = AttentionBias.reaches(positions, window);
      assertThat(
              Tensors.toFloats(
                  AttentionBias.computed(reaches, firstLengths.length, LENGTH, LENGTH)))
          .isEqualTo(AttentionBias.values(positions, LENGTH, window));
    }
  }

  @Property(tries = 50)
  void theSameIsTrueOfBlocks(@ForAll @Size(2) int[] firstLengths) {
    int[] positions = positions(firstLengths);
    for (int window : new int[] {2, 4}) {
      try (PointerScope _ = new PointerScope()) {
        long[] reaches = AttentionBias.reaches(positions, window);
        assertThat(
                Tensors.toFloats(
                    AttentionBias.computed(reaches, positions.length / window, window, 2 * window)))
            .isEqualTo(AttentionBias.blockValues(positions, window));
      }
    }
  }

  /** Rows of two documents each, the first of these lengths. */
  private static int[] positions(int[] firstLengths) {
    int[] positions = new int[firstLengths.length * LENGTH];
    for (int i = 0; i < positions.length; i++) {
      int first = 1 + Math.floorMod(firstLengths[i / LENGTH], LENGTH);
      int column = i % LENGTH;
      positions[i] = column < first ? column : column - first;
    }
    return positions;
  }
}
