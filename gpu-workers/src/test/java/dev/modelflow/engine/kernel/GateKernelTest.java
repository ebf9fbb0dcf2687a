package dev.modelflow.engine.kernel;

import dev.modelflow.engine.tensor.LibTorch;
import dev.modelflow.engine.tensor.Precision;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

class GateKernelTest {
  private static final int ROWS = 4;

  @Property(tries = 40)
  void resultsAndSlopesAreThoseOfAGraph(
      @ForAll long seed,
      @ForAll Precision precision,
      @ForAll @IntRange(min = 1, max = 50) int inner) {
    LibTorch.start();
    try (PointerScope _ = new PointerScope()) {
      Matrix gateUp = Graphs.random(seed, ROWS, 2 * inner, precision);
      Tensor leaf = Graphs.leaf(gateUp);
      Tensor expected = torch.silu(leaf.narrow(1, 0, inner)).mul(leaf.narrow(1, inner, inner));
      GateKernel kernel = new GateKernel(inner);
      Matrix result = Matrix.empty(ROWS, inner, precision);
      kernel.forward(gateUp, result);
      Graphs.assertClose(result, expected);

      Matrix slope = Graphs.random(seed + 1, ROWS, inner, precision);
      Graphs.backward(expected, slope);
      Matrix onGateUp = Matrix.empty(ROWS, 2 * inner, Precision.FLOAT32);
      kernel.backward(slope, gateUp, onGateUp);
      Graphs.assertClose(onGateUp, leaf.grad());
      kernel.backward(slope, gateUp, gateUp);
      Graphs.assertClose(gateUp, leaf.grad());
    }
  }
}
