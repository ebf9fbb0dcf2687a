package dev.modelflow.engine.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.modelflow.engine.tensor.LibTorch;
import dev.modelflow.engine.tensor.Precision;
import dev.modelflow.engine.tensor.Tensors;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;

class SoftmaxKernelTest {
  private static final int ROWS = 5;

  /** The same by a graph. */
  private record Graph(Tensor leaf, Tensor denominators, Tensor logProbs) {
    static Graph of(Matrix logits, int[] targets, float factor) {
      Tensor leaf = Graphs.leaf(logits);
      Tensor scaled = leaf.mul(new Scalar(factor));
      Tensor denominators = torch.logsumexp(scaled, new long[] {1}, true);
      Tensor asked = scaled.gather(1, Tensors.longs(targets, ROWS, 1));
      return new Graph(leaf, denominators, asked.sub(denominators));
    }

    void backward(Matrix slopes) {
      Graphs.backward(torch.cat(new TensorVector(logProbs, denominators), 1), slopes);
    }

    void assertResults(float[] logProbsGiven, float[] denominatorsGiven) {
      assertThat(logProbsGiven).containsExactly(Tensors.toFloats(logProbs.detach()), within(3e-5f));
      assertThat(denominatorsGiven)
          .containsExactly(Tensors.toFloats(denominators.detach()), within(3e-5f));
    }
  }

  @Property(tries = 40)
  void resultsAndSlopesAreThoseOfAGraph(
      @ForAll long seed,
      @ForAll Precision precision,
      @ForAll @IntRange(min = 1, max = 70) int vocabulary,
      @ForAll @DoubleRange(min = 0.5, max = 3) double temperature) {
    LibTorch.start();
    try (PointerScope _ = new PointerScope()) {
      Matrix logits = Graphs.random(seed, ROWS, vocabulary, precision);
      int[] targets = new Random(seed).ints(ROWS, 0, vocabulary).toArray();
      float factor = (float) (1 / temperature);
      Graph graph = Graph.of(logits, targets, factor);

      SoftmaxKernel kernel = new SoftmaxKernel(vocabulary);
      float[] logDenominators = new float[ROWS];
      float[] given = new float[ROWS];
      kernel.forward(logits, factor, targets, logDenominators, given);
      graph.assertResults(given, logDenominators);

      Matrix slopes = Graphs.random(seed + 1, ROWS, 2, Precision.FLOAT32);
      graph.backward(slopes);
      float[] onTarget = column(slopes, 0);
      float[] onDenominator = column(slopes, 1);
      for (int i = 0; i < ROWS; i++) {
        onDenominator[i] -= onTarget[i];
      }
      kernel.backward(logits, factor, targets, logDenominators, onTarget, onDenominator);
      Graphs.assertClose(logits, graph.leaf().grad());
    }
  }

  @Property(tries = 40)
  void slopesThatAreKnownBeforeAreThoseOfAGraph(
      @ForAll long seed,
      @ForAll Precision precision,
      @ForAll @IntRange(min = 1, max = 70) int vocabulary,
      @ForAll @DoubleRange(min = 0.5, max = 3) double temperature,
      @ForAll @DoubleRange(min = 0, max = 1) double zWeight) {
    LibTorch.start();
    try (PointerScope _ = new PointerScope()) {
      Matrix logits = Graphs.random(seed, ROWS, vocabulary, precision);
      int[] targets = new Random(seed).ints(ROWS, 0, vocabulary).toArray();
      float factor = (float) (1 / temperature);
      Graph graph = Graph.of(logits, targets, factor);
      Tensor onDenominators = graph.denominators().detach().mul(new Scalar(2 * zWeight));
      Tensor slopes =
          torch.cat(
              new TensorVector(torch.full_like(onDenominators, new Scalar(-0.25)), onDenominators),
              1);
      graph.backward(Matrix.of(slopes, ROWS, 2, Precision.FLOAT32));

      float[] logDenominators = new float[ROWS];
      float[] given = new float[ROWS];
      new SoftmaxKernel(vocabulary)
          .forwardAndBack(logits, factor, targets, -0.25f, zWeight, logDenominators, given);
      graph.assertResults(given, logDenominators);
      Graphs.assertClose(logits, graph.leaf().grad());
    }
  }

  private static float[] column(Matrix matrix, int column) {
    return Tensors.toFloats(matrix.tensor().narrow(1, column, 1));
  }

  @Test
  void whatIsNoNumberDoesNotVanish() {
    LibTorch.start();
    try (PointerScope _ = new PointerScope()) {
      float[] values = new float[20];
      values[7] = Float.NaN;
      Matrix logits = Matrix.of(Tensors.floats(values, 1, 20), 1, 20, Precision.FLOAT32);
      float[] result = new float[1];
      new SoftmaxKernel(20).forward(logits, 1, new int[] {3}, new float[1], result);
      assertThat(result[0]).isNaN();
    }
  }

  @Test
  void equalRowsHaveEqualBitsHoweverOftenTheyAreComputed() {
    LibTorch.start();
    try (PointerScope _ = new PointerScope()) {
      Matrix logits = Graphs.random(3, 1, 1000, Precision.FLOAT32);
      SoftmaxKernel kernel = new SoftmaxKernel(1000);
      float[] first = new float[1];
      kernel.forward(logits, 1, new int[] {3}, new float[1], first);
      float[] latest = new float[1];
      // Often enough that the JVM compiles it in between.
      for (int i = 0; i < 20_000; i++) {
        kernel.forward(logits, 1, new int[] {3}, new float[1], latest);
      }
      assertThat(Arrays.equals(latest, first)).isTrue();
    }
  }
}
