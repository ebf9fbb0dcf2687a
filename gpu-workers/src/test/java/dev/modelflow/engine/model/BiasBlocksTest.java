package dev.modelflow.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.modelflow.engine.model.RotaryTable.Turn;
import dev.modelflow.engine.tensor.LibTorch;
import dev.modelflow.engine.tensor.Tensors;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;

/** Long rows in blocks of queries against whole rows. */
class BiasBlocksTest {
  private static final int LENGTH = 45;

  @BeforeContainer
  static void start() {
    LibTorch.start();
  }

  @Property(tries = 60)
  void queriesOfBlocksSeeWhatThoseOfWholeRowsSee(
      @ForAll @IntRange(min = 1, max = 3) int rows,
      @ForAll @IntRange(max = 60) int window,
      @ForAll @IntRange(min = 3, max = 50) int queries,
      @ForAll @IntRange(min = 1, max = 90) int longest,
      @ForAll long seed) {
    int[] positions = positions(rows, longest, new Random(seed));
    float[] seen = new float[positions.length * LENGTH];
    Arrays.fill(seen, Float.NEGATIVE_INFINITY);
    try (PointerScope _ = new PointerScope()) {
      for (BiasBlock block : BiasBlocks.of(positions, LENGTH, window, queries)) {
        int keys = block.to() - block.first();
        Tensor bias = block.bias().expand(rows, 1, (long) block.to() - block.from(), keys);
        float[] values = Tensors.toFloats(bias);
        for (int row = 0, next = 0; row < rows; row++) {
          for (int query = block.from(); query < block.to(); query++, next += keys) {
            int start = (row * LENGTH + query) * LENGTH + block.first();
            System.arraycopy(values, next, seen, start, keys);
          }
        }
      }
    }
    assertThat(seen).isEqualTo(AttentionBias.values(positions, LENGTH, window));
  }

  /** One after the other they reach the row's end, and read no key before their first document. */
  @Test
  void aBlockReadsFromWhereItsFirstDocumentBegins() {
    int[] positions = new int[LENGTH];
    Arrays.setAll(positions, i -> i < 17 ? i : i - 17);
    try (PointerScope _ = new PointerScope()) {
      List<BiasBlock> blocks = BiasBlocks.of(positions, LENGTH, 0, 10);
      assertThat(blocks).extracting(BiasBlock::from).containsExactly(0, 10, 20, 30, 40);
      assertThat(blocks).extracting(BiasBlock::to).containsExactly(10, 20, 30, 40, 45);
      assertThat(blocks).extracting(BiasBlock::first).containsExactly(0, 0, 17, 17, 17);
    }
  }

  @Property(tries = 40)
  void attentionAndItsGradientsAreThoseOfWholeRows(
      @ForAll @IntRange(min = 1, max = 3) int rows,
      @ForAll @IntRange(max = 60) int window,
      @ForAll @IntRange(min = 3, max = 50) int queries,
      @ForAll @IntRange(min = 1, max = 90) int longest,
      @ForAll boolean grouped,
      @ForAll long seed) {
    Random random = new Random(seed);
    int[] positions = positions(rows, longest, random);
    ModelConfig four = new ModelConfig(1, 16, 4, 24, 40, LENGTH, window, 10_000, null);
    ModelConfig model = grouped ? four.withKeyValueHeads(2) : four;
    try (PointerScope _ = new PointerScope()) {
      Turn none = new Turn(Tensors.zeros(1), Tensors.zeros(1));
      Tensor bias = AttentionBias.of(positions, rows, LENGTH, window);
      List<BiasBlock> blocks = BiasBlocks.of(positions, LENGTH, window, queries);
      long drawn = random.nextLong();
      List<float[]> whole =
          mixed(new PackedAttention(model, rows, LENGTH, bias, none, false), model, rows, drawn);
      List<float[]> cut =
          mixed(new LongAttention(model, rows, LENGTH, blocks, none), model, rows, drawn);
      for (int i = 0; i < whole.size(); i++) {
        assertThat(cut.get(i)).containsExactly(whole.get(i), within(2e-5f));
      }
    }
  }

  /** What it mixes, and the slopes at queries, keys and values. */
  private static List<float[]> mixed(Attention attention, ModelConfig model, int rows, long seed) {
    Random random = new Random(seed);
    int tokens = rows * LENGTH;
    Tensor query = leaf(random, tokens, model.heads(), model.headSize());
    Tensor keys = leaf(random, tokens, model.keyValueHeads(), model.headSize());
    Tensor values = leaf(random, tokens, model.keyValueWidth());
    Tensor mixed = attention.mixed(0, query, keys, values);
    mixed.mul(numbers(random, tokens, model.queryWidth())).sum().backward();
    return List.of(
        Tensors.toFloats(mixed.detach()),
        Tensors.toFloats(query.grad()),
        Tensors.toFloats(keys.grad()),
        Tensors.toFloats(values.grad()));
  }

  private static Tensor leaf(Random random, long... shape) {
    Tensor leaf = numbers(random, shape);
    leaf.set_requires_grad(true);
    return leaf;
  }

  private static Tensor numbers(Random random, long... shape) {
    float[] values = new float[(int) Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return Tensors.floats(values, shape);
  }

  /** Rows of documents of random lengths, the last of a row cut off at its end. */
  private static int[] positions(int rows, int longest, Random random) {
    int[] positions = new int[rows * LENGTH];
    for (int row = 0; row < rows; row++) {
      int at = 0;
      while (at < LENGTH) {
        int end = Math.min(LENGTH, at + 1 + random.nextInt(longest));
        for (int first = at; at < end; at++) {
          positions[row * LENGTH + at] = at - first;
        }
      }
    }
    return positions;
  }
}
