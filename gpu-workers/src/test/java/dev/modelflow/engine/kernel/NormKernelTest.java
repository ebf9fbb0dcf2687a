package dev.modelflow.engine.kernel;

import dev.modelflow.engine.tensor.LibTorch;
import dev.modelflow.engine.tensor.Precision;
import dev.modelflow.engine.tensor.Tensors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

class NormKernelTest {
  private static final int ROWS = 5;
  private static final double EPSILON = 1e-6;

  static Tensor normed(Tensor x, Tensor weight) {
    return torch
        .rms_norm(x, new long[] {x.size(-1)}, new TensorOptional(), new DoubleOptional(EPSILON))
        .mul(weight);
  }

  @Property(tries = 40)
  void itNormsAsLibtorchDoes(
      @ForAll long seed,
      @ForAll Precision precision,
      @ForAll @IntRange(min = 3, max = 50) int width) {
    LibTorch.start();
    try (PointerScope _ = new PointerScope()) {
      Matrix x = Graphs.random(seed, ROWS, width, precision);
      Matrix weight = Graphs.random(seed + 1, 1, width, Precision.FLOAT32);
      Tensor expected = normed(Graphs.floats(x), weight.tensor());
      NormKernel kernel = new NormKernel(width, EPSILON);

      Matrix result = Matrix.empty(ROWS, width, precision);
      kernel.forward(x, weight, result);
      Graphs.assertClose(result, expected);

      Matrix stream = Graphs.random(seed + 2, ROWS, width, Precision.FLOAT32);
      Tensor sum = stream.tensor().add(expected, new Scalar(1));
      kernel.add(x, weight, stream);
      Graphs.assertClose(stream, sum);
    }
  }

  @Property(tries = 40)
  void itsSlopesAreThoseOfAGraph(
      @ForAll long seed,
      @ForAll Precision precision,
      @ForAll @IntRange(min = 3, max = 50) int width) {
    LibTorch.start();
    try (PointerScope _ = new PointerScope()) {
      Matrix x = Graphs.random(seed, ROWS, width, precision);
      Matrix weight = Graphs.random(seed + 1, 1, width, Precision.FLOAT32);
      Matrix slope = Graphs.random(seed + 2, ROWS, width, precision);
      Tensor xLeaf = Graphs.leaf(x);
      Tensor weightLeaf = Graphs.leaf(weight);
      Graphs.backward(normed(xLeaf, weightLeaf), slope);

      Matrix onX = Matrix.empty(ROWS, width, Precision.FLOAT32);
      Matrix onWeight = Matrix.of(Tensors.zeros(1, width), 1, width, Precision.FLOAT32);
      NormKernel kernel = new NormKernel(width, EPSILON);
      kernel.backward(slope, x, weight, onX, onWeight);
      Graphs.assertClose(onX, xLeaf.grad());
      Graphs.assertClose(onWeight, weightLeaf.grad());

      kernel.backward(slope, x, weight, slope, onWeight);
      Graphs.assertClose(slope, xLeaf.grad());
      Graphs.assertClose(onWeight, weightLeaf.grad().mul(new Scalar(2)));
    }
  }
}
