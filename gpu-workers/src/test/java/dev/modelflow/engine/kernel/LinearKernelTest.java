package dev.modelflow.engine.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelflow.engine.tensor.LibTorch;
import dev.modelflow.engine.tensor.Precision;
import dev.modelflow.engine.tensor.Tensors;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.global.torch;

class LinearKernelTest {
  @Property(tries = 60)
  void resultsAreThoseOfAGraphAndHangOnNoOtherRow(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 14) int rows,
      @ForAll @IntRange(min = 1, max = 70) int inputs,
      @ForAll @IntRange(min = 1, max = 150) int outputs) {
    LibTorch.start();
    try (PointerScope _ = new PointerScope()) {
      Matrix x = Graphs.random(seed, rows, inputs, Precision.FLOAT32);
      Matrix weight = Graphs.random(seed + 1, outputs, inputs, Precision.FLOAT32);
      Matrix y = Matrix.empty(rows, outputs, Precision.FLOAT32);
      Matrix alone = Matrix.empty(1, outputs, Precision.FLOAT32);
      try (PackedWeight packed = new PackedWeight(weight)) {
        LinearKernel kernel = new LinearKernel();
        kernel.forward(x, packed, y);
        Graphs.assertClose(y, torch.linear(x.tensor(), weight.tensor()));
        kernel.forward(x.first(1), packed, alone);
      }
      assertThat(Tensors.toFloats(alone.tensor()))
          .containsExactly(Tensors.toFloats(y.tensor().narrow(0, 0, 1)));
    }
  }

  @Example
  void shapesThatDoNotFitAreRefused() {
    LibTorch.start();
    try (PointerScope _ = new PointerScope();
        PackedWeight packed = new PackedWeight(Graphs.random(1, 5, 3, Precision.FLOAT32))) {
      Matrix x = Graphs.random(2, 2, 4, Precision.FLOAT32);
      Matrix y = Matrix.empty(2, 5, Precision.FLOAT32);
      assertThatThrownBy(() -> new LinearKernel().forward(x, packed, y))
          .hasMessage("A weight of 5 x 3 does not take 2 x 4 to 2 x 5");
    }
  }
}
