package dev.modelflow.engine.kernel;

import dev.modelflow.engine.tensor.LibTorch;
import dev.modelflow.engine.tensor.Precision;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

class AdamKernelTest {
  private static final AdamUpdate UPDATE =
      new AdamUpdate(0.5, 0.9, 0.95, 1.7, 1e-8, 1 - 1e-4, 3e-3);

  @Property(tries = 30)
  void updatesAreThoseOfTheFormula(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 3000) int count) {
    LibTorch.start();
    try (PointerScope _ = new PointerScope()) {
      Matrix weights = Graphs.random(seed, 1, count, Precision.FLOAT32);
      Matrix gradients = Graphs.random(seed + 1, 1, count, Precision.FLOAT32);
      Matrix means = Graphs.random(seed + 2, 1, count, Precision.FLOAT32);
      Matrix squares = Graphs.random(seed + 3, 1, count, Precision.FLOAT32);
      squares.tensor().abs_();
      Tensor gradient = doubles(gradients).mul(new Scalar(0.5));
      Tensor mean = doubles(means).mul(new Scalar(0.9)).add(gradient.mul(new Scalar(0.1)));
      Tensor square =
          doubles(squares).mul(new Scalar(0.95)).add(gradient.square().mul(new Scalar(1 - 0.95)));
      Tensor root = square.sqrt().mul(new Scalar(1.7)).add(new Scalar(1e-8));
      Tensor weight =
          doubles(weights).mul(new Scalar(1 - 1e-4)).sub(mean.div(root).mul(new Scalar(3e-3)));

      AdamKernel.update(weights, gradients, means, squares, UPDATE);
      Graphs.assertClose(means, floats(mean));
      Graphs.assertClose(squares, floats(square));
      Graphs.assertClose(weights, floats(weight));
    }
  }

  private static Tensor doubles(Matrix matrix) {
    return matrix.tensor().toType(torch.ScalarType.Double);
  }

  private static Tensor floats(Tensor doubles) {
    return doubles.toType(torch.ScalarType.Float);
  }
}
