package dev.modelflow.engine.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelflow.engine.tensor.LibTorch;
import dev.modelflow.engine.tensor.Precision;
import dev.modelflow.engine.tensor.Tensors;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;

class AttentionKernelTest {
  private static final int ROWS = 2;

  @Property(tries = 60)
  void resultsAndSlopesAreThoseOfAGraph(
      @ForAll long seed,
      @ForAll Precision slopesIn,
      @ForAll @IntRange(min = 1, max = 70) int length,
      @ForAll @IntRange(min = 0, max = 40) int window,
      @ForAll @IntRange(min = 1, max = 2) int keyHeads,
      @ForAll @IntRange(min = 1, max = 3) int sharing,
      @ForAll @IntRange(min = 1, max = 20) int halfHead) {
    assertIsAGraphs(seed, slopesIn, length, window, keyHeads, sharing, 2 * halfHead);
  }

  @Property(tries = 4)
  void rowsOfManyPiecesAreThoseOfAGraph(
      @ForAll long seed, @ForAll @IntRange(min = 500, max = 1200) int length) {
    assertIsAGraphs(seed, Precision.FLOAT32, length, 0, 1, 1, 8);
    assertIsAGraphs(seed, Precision.FLOAT32, length, 300, 1, 2, 8);
  }

  private static void assertIsAGraphs(
      long seed,
      Precision slopesIn,
      int length,
      int window,
      int keyHeads,
      int sharing,
      int headSize) {
    LibTorch.start();
    try (PointerScope _ = new PointerScope()) {
      int tokens = ROWS * length;
      int heads = keyHeads * sharing;
      AttentionKernel.Inputs inputs = random(seed, tokens, heads, keyHeads, headSize);
      Sight sight = Sight.of(positions(seed, length), length, window);

      AttentionKernel kernel = new AttentionKernel(sharing, headSize);
      useForOtherRows(kernel, heads, keyHeads, headSize);
      Matrix result = Matrix.empty(tokens, heads * headSize, Precision.FLOAT32);
      Matrix softmax = forward(kernel, inputs, heads, sight, result);
      Tensor query = Graphs.leaf(inputs.query());
      Tensor keys = Graphs.leaf(inputs.keys());
      Tensor values = Graphs.leaf(inputs.values());
      Tensor wanted = attention(query, keys, values, sight, sharing, headSize);
      Graphs.assertClose(result, wanted);

      Matrix slope = Graphs.random(4 * seed + 1, tokens, heads * headSize, slopesIn);
      Graphs.backward(wanted, slope);
      AttentionKernel.Inputs slopes = random(seed + 1, tokens, heads, keyHeads, headSize);
      kernel.backward(inputs, sight, result, softmax, slope, slopes);
      Graphs.assertClose(slopes.query(), query.grad());
      Graphs.assertClose(slopes.keys(), keys.grad());
      Graphs.assertClose(slopes.values(), values.grad());
    }
  }

  /** Returns what the softmax was made with. */
  private static Matrix forward(
      AttentionKernel kernel,
      AttentionKernel.Inputs inputs,
      int heads,
      Sight sight,
      Matrix result) {
    Matrix softmax = Matrix.empty(2, heads * result.rows(), Precision.FLOAT32);
    kernel.forward(inputs, sight, result, softmax);
    return softmax;
  }

  /** What a kernel keeps from rows of another length must not show. */
  private static void useForOtherRows(
      AttentionKernel kernel, int heads, int keyHeads, int headSize) {
    AttentionKernel.Inputs others = random(7, 5, heads, keyHeads, headSize);
    Matrix result = Matrix.empty(5, heads * headSize, Precision.FLOAT32);
    forward(kernel, others, heads, Sight.of(new int[] {0, 1, 2, 3, 4}, 5, 0), result);
  }

  /** Numbers of one size: slopes that cancel leave what larger ones are rounded by. */
  private static AttentionKernel.Inputs random(
      long seed, int tokens, int heads, int keyHeads, int headSize) {
    return new AttentionKernel.Inputs(
        Graphs.random(4 * seed + 1, tokens, heads * headSize, Precision.FLOAT32),
        Graphs.random(4 * seed + 2, tokens, keyHeads * headSize, Precision.FLOAT32),
        Graphs.random(4 * seed + 3, tokens, keyHeads * headSize, Precision.FLOAT32));
  }

  /** Documents of random lengths. */
  private static int[] positions(long seed, int length) {
    Random random = new Random(seed);
    int[] positions = new int[ROWS * length];
    for (int i = 0; i < positions.length; i++) {
      boolean begins = i % length == 0 || random.nextInt(20) == 0;
      positions[i] = begins ? 0 : positions[i - 1] + 1;
    }
    return positions;
  }

  /** As it is defined: all scores, those of what is not seen hidden. */
  private static Tensor attention(
      Tensor query, Tensor keys, Tensor values, Sight sight, int sharing, int headSize) {
    int length = sight.length();
    float[] hidden = new float[ROWS * length * length];
    Arrays.fill(hidden, Float.NEGATIVE_INFINITY);
    for (int token = 0; token < ROWS * length; token++) {
      int first = sight.first(token / length, token % length);
      Arrays.fill(hidden, token * length + first, token * length + token % length + 1, 0);
    }
    Tensor scores =
        byHead(query, length, headSize)
            .matmul(shared(byHead(keys, length, headSize), sharing).transpose(2, 3))
            .mul(new Scalar(1 / Math.sqrt(headSize)))
            .add(Tensors.floats(hidden, ROWS, 1, length, length));
    return torch
        .softmax(scores, 3)
        .matmul(shared(byHead(values, length, headSize), sharing))
        .transpose(1, 2)
        .reshape((long) ROWS * length, query.size(1));
  }

  private static Tensor byHead(Tensor x, int length, int headSize) {
    return x.view(ROWS, length, x.size(1) / headSize, headSize).transpose(1, 2);
  }

  private static Tensor shared(Tensor x, int sharing) {
    return x.repeat_interleave(sharing, new LongOptional(1), new LongOptional());
  }

  @Test
  void scoresMayBeAnySize() {
    LibTorch.start();
    try (PointerScope _ = new PointerScope()) {
      AttentionKernel.Inputs inputs = random(1, 2 * 40, 1, 1, 16);
      inputs.query().tensor().mul_(new Scalar(1000));
      Sight sight = Sight.of(positions(1, 40), 40, 0);
      Matrix result = Matrix.empty(2 * 40, 16, Precision.FLOAT32);
      forward(new AttentionKernel(1, 16), inputs, 1, sight, result);
      Tensor wanted =
          attention(
              inputs.query().tensor(),
              inputs.keys().tensor(),
              inputs.values().tensor(),
              sight,
              1,
              16);
      Graphs.assertClose(result, wanted);
    }
  }

  @Test
  void whatIsNoNumberDoesNotVanish() {
    LibTorch.start();
    try (PointerScope _ = new PointerScope()) {
      AttentionKernel.Inputs inputs = random(1, 6, 1, 1, 4);
      inputs.keys().tensor().select(0, 2).fill_(new Scalar(Double.NaN));
      Matrix result = Matrix.empty(6, 4, Precision.FLOAT32);
      Sight sight = Sight.of(new int[] {0, 1, 2, 3, 4, 5}, 6, 0);
      forward(new AttentionKernel(1, 4), inputs, 1, sight, result);
      float[] given = Tensors.toFloats(result.tensor());
      assertThat(given[7]).isFinite();
      for (int i = 8; i < given.length; i++) {
        assertThat(given[i]).isNaN();
      }
    }
  }

  @Test
  void equalRowsHaveEqualBitsHoweverOftenTheyAreComputed() {
    LibTorch.start();
    try (PointerScope _ = new PointerScope()) {
      AttentionKernel.Inputs inputs = random(3, 80, 2, 1, 16);
      Sight sight = Sight.of(positions(3, 40), 40, 0);
      AttentionKernel kernel = new AttentionKernel(2, 16);
      float[] first = bits(kernel, inputs, sight);
      float[] latest = first;
      // Often enough that the JVM compiles it in between.
      for (int i = 0; i < 3000; i++) {
        latest = bits(kernel, inputs, sight);
      }
      assertThat(Arrays.equals(latest, first)).isTrue();
    }
  }

  private static float[] bits(AttentionKernel kernel, AttentionKernel.Inputs inputs, Sight sight) {
    try (PointerScope _ = new PointerScope()) {
      Matrix result = Matrix.empty(80, 32, Precision.FLOAT32);
      Matrix softmax = forward(kernel, inputs, 2, sight, result);
      AttentionKernel.Inputs slopes = random(4, 80, 2, 1, 16);
      kernel.backward(inputs, sight, result, softmax, result, slopes);
      return Tensors.toFloats(
          torch.cat(
              new TensorVector(
                  slopes.query().tensor(), slopes.keys().tensor(), slopes.values().tensor()),
              1));
    }
  }
}
