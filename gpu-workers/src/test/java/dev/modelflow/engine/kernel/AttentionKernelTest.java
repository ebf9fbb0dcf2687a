package dev.modelflow.engine.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelflow.engine.tensor.LibTorch;
import dev.modelflow.engine.tensor.Precision;
import dev.modelflow.engine.tensor.Tensors;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class AttentionKernelTest {
  private static final int ROWS = 2;

  /** What roundings of shares and results to eight bits add to a row, a few times. */
  private static final double ROUNDING = 1.0 / 25;

  /** What the engine multiplies in here: a processor that does not know bf16 is not asked to. */
  private static List<Precision> precisions() {
    LibTorch.start();
    return MatrixMultiplier.knowsBf16()
        ? List.of(Precision.FLOAT32, Precision.BF16)
        : List.of(Precision.FLOAT32);
  }

  private static void with(
      Precision precision, int sharing, int headSize, Consumer<AttentionKernel> work) {
    LibTorch.start();
    try (PointerScope _ = new PointerScope();
        MatrixMultiplier multiplier = new MatrixMultiplier();
        AttentionKernel kernel =
            precision == Precision.FLOAT32
                ? new VectorAttention(sharing, headSize)
                : new OneDnnAttention(multiplier, sharing, headSize)) {
      assertThat(kernel.precision()).isEqualTo(precision);
      work.accept(kernel);
    }
  }

  @Property(tries = 60)
  void resultsAndSlopesAreThoseOfAGraph(
      @ForAll long seed,
      @ForAll Precision slopesIn,
      @ForAll @IntRange(min = 1, max = 70) int length,
      @ForAll @IntRange(min = 0, max = 40) int window,
      @ForAll @IntRange(min = 1, max = 2) int keyHeads,
      @ForAll @IntRange(min = 1, max = 3) int sharing,
      @ForAll @IntRange(min = 1, max = 20) int halfHead) {
    assertIsAGraphs(
        Precision.FLOAT32, seed, slopesIn, 20, length, window, keyHeads, sharing, 2 * halfHead);
  }

  @Property(tries = 60)
  void inBf16TheyAreSoButForRounding(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 300) int length,
      @ForAll @IntRange(min = 0, max = 150) int window,
      @ForAll @IntRange(min = 1, max = 2) int keyHeads,
      @ForAll @IntRange(min = 1, max = 3) int sharing,
      @ForAll @IntRange(min = 1, max = 3) int size) {
    if (precisions().contains(Precision.BF16)) {
      assertIsAGraphs(
          Precision.BF16, seed, Precision.BF16, 20, length, window, keyHeads, sharing, 32 * size);
    }
  }

  /** Documents of whole rows, with and without a window, and some of many keys. */
  @Property(tries = 4)
  void rowsOfManyPiecesAreThoseOfAGraph(
      @ForAll long seed, @ForAll @IntRange(min = 500, max = 1200) int length) {
    for (Precision precision : precisions()) {
      assertIsAGraphs(precision, seed, precision, length, length, 0, 1, 1, 32);
      assertIsAGraphs(precision, seed, precision, length, length, 300, 1, 2, 32);
      assertIsAGraphs(precision, seed, precision, 400, length, 0, 1, 1, 32);
    }
  }

  private static void assertIsAGraphs(
      Precision precision,
      long seed,
      Precision slopesIn,
      int document,
      int length,
      int window,
      int keyHeads,
      int sharing,
      int headSize) {
    with(
        precision,
        sharing,
        headSize,
        kernel -> {
          int tokens = ROWS * length;
          int heads = keyHeads * sharing;
          AttentionKernel.Inputs inputs =
              random(precision, seed, tokens, heads, keyHeads, headSize);
          Sight sight = Sight.of(positions(seed, document, length), length, window);

          useForOtherRows(kernel, heads, keyHeads, headSize);
          Matrix result = Matrix.empty(tokens, heads * headSize, precision);
          Matrix softmax = forward(kernel, inputs, heads, sight, result);
          Tensor query = Graphs.leaf(inputs.query());
          Tensor keys = Graphs.leaf(inputs.keys());
          Tensor values = Graphs.leaf(inputs.values());
          Tensor wanted = attention(query, keys, values, sight, sharing, headSize);
          assertClose(precision, result, wanted);

          Matrix slope = Graphs.random(4 * seed + 1, tokens, heads * headSize, slopesIn);
          Graphs.backward(wanted, slope);
          AttentionKernel.Inputs slopes =
              random(Precision.FLOAT32, seed + 1, tokens, heads, keyHeads, headSize);
          kernel.backward(inputs, sight, result, softmax, slope, slopes);
          assertClose(precision, slopes.query(), query.grad());
          assertClose(precision, slopes.keys(), keys.grad());
          assertClose(precision, slopes.values(), values.grad());
        });
  }

  private static void assertClose(Precision precision, Matrix actual, Tensor expected) {
    if (precision == Precision.FLOAT32) {
      Graphs.assertClose(actual, expected);
    } else {
      // A slope at a score is a difference of numbers of about one.
      Graphs.assertRowsClose(actual, expected, ROUNDING, Math.sqrt(actual.columns()) / 4);
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
    AttentionKernel.Inputs others = random(kernel.precision(), 7, 5, heads, keyHeads, headSize);
    Matrix result = Matrix.empty(5, heads * headSize, kernel.precision());
    forward(kernel, others, heads, Sight.of(new int[] {0, 1, 2, 3, 4}, 5, 0), result);
  }

  /** Numbers of one size: slopes that cancel leave what larger ones are rounded by. */
  private static AttentionKernel.Inputs random(
      Precision precision, long seed, int tokens, int heads, int keyHeads, int headSize) {
    return new AttentionKernel.Inputs(
        Graphs.random(4 * seed + 1, tokens, heads * headSize, precision),
        Graphs.random(4 * seed + 2, tokens, keyHeads * headSize, precision),
        Graphs.random(4 * seed + 3, tokens, keyHeads * headSize, precision));
  }

  /**
   * Documents of random lengths.
   *
   * @param document their mean; at least a row's: each row is one document
   */
  private static int[] positions(long seed, int document, int length) {
    Random random = new Random(seed);
    int[] positions = new int[ROWS * length];
    for (int i = 0; i < positions.length; i++) {
      boolean ends = document < length && random.nextInt(document) == 0;
      boolean begins = i % length == 0 || ends;
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

  @ParameterizedTest
  @MethodSource("precisions")
  void scoresMayBeAnySize(Precision precision) {
    with(
        precision,
        1,
        32,
        kernel -> {
          AttentionKernel.Inputs inputs = random(precision, 1, 2 * 40, 1, 1, 32);
          inputs.query().tensor().mul_(new Scalar(1000));
          Sight sight = Sight.of(positions(1, 20, 40), 40, 0);
          Matrix result = Matrix.empty(2 * 40, 32, precision);
          forward(kernel, inputs, 1, sight, result);
          Tensor wanted =
              attention(
                  Graphs.floats(inputs.query()),
                  Graphs.floats(inputs.keys()),
                  Graphs.floats(inputs.values()),
                  sight,
                  1,
                  32);
          assertClose(precision, result, wanted);
        });
  }

  @ParameterizedTest
  @MethodSource("precisions")
  void whatIsNoNumberDoesNotVanish(Precision precision) {
    with(
        precision,
        1,
        32,
        kernel -> {
          AttentionKernel.Inputs inputs = random(precision, 1, 6, 1, 1, 32);
          inputs.keys().tensor().select(0, 2).fill_(new Scalar(Double.NaN));
          Matrix result = Matrix.empty(6, 32, precision);
          Sight sight = Sight.of(new int[] {0, 1, 2, 3, 4, 5}, 6, 0);
          forward(kernel, inputs, 1, sight, result);
          float[] given = Tensors.toFloats(Graphs.floats(result));
          assertThat(given[2 * 32 - 1]).isFinite();
          for (int i = 2 * 32; i < given.length; i++) {
            assertThat(given[i]).isNaN();
          }
        });
  }

  @ParameterizedTest
  @MethodSource("precisions")
  void whatIsNoNumberStaysInItsRowAndHead(Precision precision) {
    for (int row = 0; row < ROWS; row++) {
      for (int head = 0; head < 2; head++) {
        assertOthersDoNotReach(precision, row, head);
      }
    }
  }

  /** All but one head of one row is no number. */
  private static void assertOthersDoNotReach(Precision precision, int row, int head) {
    with(
        precision,
        1,
        32,
        kernel -> {
          int length = 33;
          AttentionKernel.Inputs inputs = random(precision, 1, ROWS * length, 2, 2, 32);
          Matrix slope = Graphs.random(5, ROWS * length, 2 * 32, precision);
          for (Matrix each : List.of(inputs.query(), inputs.keys(), inputs.values(), slope)) {
            each.tensor().narrow(0, (1L - row) * length, length).fill_(new Scalar(Double.NaN));
            each.tensor().narrow(1, (1 - head) * 32L, 32).fill_(new Scalar(Double.NaN));
          }
          Sight sight = Sight.of(positions(1, length, length), length, 0);
          Matrix result = Matrix.empty(ROWS * length, 2 * 32, precision);
          Matrix softmax = forward(kernel, inputs, 2, sight, result);
          AttentionKernel.Inputs slopes = random(Precision.FLOAT32, 1, ROWS * length, 2, 2, 32);
          kernel.backward(inputs, sight, result, softmax, slope, slopes);
          for (Matrix each : List.of(result, slopes.query(), slopes.keys(), slopes.values())) {
            Tensor numbers =
                Graphs.floats(each)
                    .narrow(0, (long) row * length, length)
                    .narrow(1, head * 32L, 32);
            for (float value : Tensors.toFloats(numbers.contiguous())) {
              assertThat(value).isFinite();
            }
          }
        });
  }

  @ParameterizedTest
  @MethodSource("precisions")
  void equalRowsHaveEqualBitsHoweverOftenTheyAreComputed(Precision precision) {
    with(
        precision,
        2,
        32,
        kernel -> {
          AttentionKernel.Inputs inputs = random(precision, 3, 80, 2, 1, 32);
          Sight sight = Sight.of(positions(3, 20, 40), 40, 0);
          float[] first = bits(kernel, inputs, sight);
          float[] latest = first;
          // Often enough that the JVM compiles it in between.
          for (int i = 0; i < 3000; i++) {
            latest = bits(kernel, inputs, sight);
          }
          assertThat(Arrays.equals(latest, first)).isTrue();
        });
  }

  private static float[] bits(AttentionKernel kernel, AttentionKernel.Inputs inputs, Sight sight) {
    try (PointerScope _ = new PointerScope()) {
      Matrix result = Matrix.empty(80, 64, kernel.precision());
      Matrix softmax = forward(kernel, inputs, 2, sight, result);
      AttentionKernel.Inputs slopes = random(Precision.FLOAT32, 4, 80, 2, 1, 32);
      kernel.backward(inputs, sight, result, softmax, result, slopes);
      return Tensors.toFloats(
          torch.cat(
              new TensorVector(
                  slopes.query().tensor(), slopes.keys().tensor(), slopes.values().tensor()),
              1));
    }
  }
}
