package dev.modelflow.engine.model;

import dev.modelflow.engine.tensor.Tensors;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Prompts as rows of equal length. What fills a row up stands behind its prompt, where no token of
 * the prompt sees it.
 */
final class PaddedPrompts {
  private final int[] tokens;
  private final int[] lengths;
  private final int columns;

  /** Long rows are filled up to a multiple of the window, so that they can be cut into blocks. */
  PaddedPrompts(List<int[]> prompts, int window) {
    lengths = prompts.stream().mapToInt(prompt -> prompt.length).toArray();
    int longest = Arrays.stream(lengths).max().orElse(0);
    columns = WindowBlocks.filled(window, longest);
    tokens = new int[lengths.length * columns];
    for (int row = 0; row < lengths.length; row++) {
      System.arraycopy(prompts.get(row), 0, tokens, row * columns, lengths[row]);
    }
  }

  /** Tokens of a row. */
  int columns() {
    return columns;
  }

  /** The rows, one behind the other. */
  int[] tokens() {
    return tokens;
  }

  /** Tokens of each prompt. */
  int[] lengths() {
    return lengths;
  }

  /** The positions of all columns, for so many rows. */
  int[] positions(int rows) {
    int[] positions = new int[rows * columns];
    Arrays.setAll(positions, i -> i % columns);
    return positions;
  }

  /** The same for every row, none beyond the decoder's last, which filling alone could be. */
  int[] rotations(int most) {
    int[] positions = positions(lengths.length);
    Arrays.setAll(positions, i -> Math.min(positions[i], most - 1));
    return positions;
  }

  /** Where in {@link #tokens} each prompt's last token lies. */
  Tensor ends() {
    long[] ends = new long[lengths.length];
    Arrays.setAll(ends, row -> (long) row * columns + lengths[row] - 1);
    return Tensors.longs(ends, ends.length);
  }

  /**
   * Where in {@link #tokens} lies what a ring of {@code window} places keeps of each prompt; null
   * where a ring keeps every column.
   */
  @Nullable Tensor ring(int window) {
    if (columns <= window) {
      return null;
    }
    long[] kept = new long[lengths.length * window];
    Arrays.setAll(
        kept,
        i -> {
          int row = i / window;
          return (long) row * columns + latest(lengths[row], i % window, window);
        });
    return Tensors.longs(kept, kept.length);
  }

  /** The latest of {@code length} positions that falls to this place; any, where none does. */
  private static int latest(int length, int place, int window) {
    return place >= length ? place : (length - 1 - place) / window * window + place;
  }
}
