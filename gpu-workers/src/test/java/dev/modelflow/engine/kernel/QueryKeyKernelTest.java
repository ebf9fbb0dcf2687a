package dev.modelflow.engine.kernel;

import dev.modelflow.engine.tensor.LibTorch;
import dev.modelflow.engine.tensor.Precision;
import dev.modelflow.engine.tensor.Tensors;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

class QueryKeyKernelTest {
  private static final int ROWS = 4;
  private static final int POSITIONS = 7;
  private static final double EPSILON = 1e-6;

  private record Heads(int queries, int keys, int size) {
    int queryWidth() {
      return queries * size;
    }

    int keyWidth() {
      return keys * size;
    }

    /** Heads of vectors' length and of others. */
    static Heads of(int number, int half) {
      return new Heads(2 * number, number, 2 * half);
    }
  }

  private static Turns turns(long seed, int size) {
    Random random = new Random(seed);
    float[] cosines = new float[POSITIONS * size];
    float[] sines = new float[POSITIONS * size];
    for (int i = 0; i < POSITIONS * size; i++) {
      int within = i % size;
      if (within < size / 2) {
        double angle = random.nextDouble() * 6;
        cosines[i] = (float) Math.cos(angle);
        cosines[i + size / 2] = cosines[i];
        sines[i] = (float) -Math.sin(angle);
        sines[i + size / 2] = -sines[i];
      }
    }
    return new Turns(
        Matrix.of(Tensors.floats(cosines, POSITIONS, size), POSITIONS, size, Precision.FLOAT32),
        Matrix.of(Tensors.floats(sines, POSITIONS, size), POSITIONS, size, Precision.FLOAT32),
        random.ints(ROWS, 0, POSITIONS).toArray());
  }

  private static Tensor turned(Tensor x, Turns turns, int size) {
    Tensor at = Tensors.longs(IntStream.range(0, ROWS).map(turns::position).toArray(), ROWS);
    Tensor heads = x.view(ROWS, -1, size);
    Tensor cosines = turns.cosines().tensor().index_select(0, at).unsqueeze(1);
    Tensor sines = turns.sines().tensor().index_select(0, at).unsqueeze(1);
    return heads
        .mul(cosines)
        .add(heads.roll(new long[] {size / 2}, new long[] {2}).mul(sines))
        .reshape(ROWS, -1);
  }

  @Property(tries = 40)
  void resultsAndSlopesAreThoseOfAGraph(
      @ForAll long seed,
      @ForAll Precision precision,
      @ForAll @IntRange(min = 1, max = 2) int number,
      @ForAll @IntRange(min = 1, max = 17) int half) {
    LibTorch.start();
    try (PointerScope _ = new PointerScope()) {
      Heads heads = Heads.of(number, half);
      int q = heads.queryWidth();
      int k = heads.keyWidth();
      Turns turns = turns(seed, heads.size());
      Matrix projected = Graphs.random(seed, ROWS, q + 2 * k, precision);
      Matrix weight = Graphs.random(seed + 1, 1, q + k, Precision.FLOAT32);
      Tensor leaf = Graphs.leaf(projected);
      Tensor weightLeaf = Graphs.leaf(weight);
      Tensor queries = NormKernelTest.normed(leaf.narrow(1, 0, q), weightLeaf.narrow(1, 0, q));
      Tensor keys = NormKernelTest.normed(leaf.narrow(1, q, k), weightLeaf.narrow(1, q, k));
      Tensor expected =
          torch.cat(
              new TensorVector(
                  turned(queries, turns, heads.size()),
                  turned(keys, turns, heads.size()),
                  leaf.narrow(1, q + k, k)),
              1);

      QueryKeyKernel kernel = new QueryKeyKernel(q, k, heads.size(), EPSILON);
      Matrix query = Matrix.empty(ROWS, q, Precision.FLOAT32);
      Matrix key = Matrix.empty(ROWS, k, Precision.FLOAT32);
      Matrix value = Matrix.empty(ROWS, k, Precision.FLOAT32);
      kernel.forward(projected, weight, turns, query, key, value);
      Graphs.assertClose(query, expected.narrow(1, 0, q));
      Graphs.assertClose(key, expected.narrow(1, q, k));
      Graphs.assertClose(value, expected.narrow(1, q + k, k));

      Matrix slope = Graphs.random(seed + 2, ROWS, q + 2 * k, Precision.FLOAT32);
      Graphs.backward(expected, slope);
      Matrix onProjected = Matrix.empty(ROWS, q + 2 * k, Precision.FLOAT32);
      Matrix onWeight = Matrix.of(Tensors.zeros(1, q + k), 1, q + k, Precision.FLOAT32);
      kernel.backward(
          columns(slope, 0, q),
          columns(slope, q, k),
          columns(slope, q + k, k),
          projected,
          weight,
          turns,
          onProjected,
          onWeight);
      Graphs.assertClose(onProjected, leaf.grad());
      Graphs.assertClose(onWeight, weightLeaf.grad());
    }
  }

  private static Matrix columns(Matrix matrix, int from, int count) {
    Tensor part = matrix.tensor().narrow(1, from, count).contiguous();
    return Matrix.of(part, ROWS, count, Precision.FLOAT32);
  }
}
