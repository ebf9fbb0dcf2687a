package dev.modelflow.engine.dense;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelflow.engine.kernel.Matrix;
import dev.modelflow.engine.kernel.MatrixMultiplier;
import dev.modelflow.engine.kernel.Workspace;
import dev.modelflow.engine.tensor.LibTorch;
import dev.modelflow.engine.tensor.Precision;
import dev.modelflow.engine.tensor.Tensors;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Both ways to multiply, against float32. */
class LinearProductsTest {
  private static final int TOKENS = 40;
  private static final int INPUTS = 24;
  private static final int OUTPUTS = 56;

  /** Two values of eight bits each, and as many again in sums over rounded values. */
  private static final double ROUNDING = 1.0 / 64;

  private static final double EXACT = 1e-6;

  /** A way, and what it multiplies in. */
  record Way(
      Supplier<LinearProducts> products,
      Precision precision,
      double rounding,
      double roundingOfGradient) {}

  static Stream<Way> ways() {
    LibTorch.start();
    Stream<Way> everywhere =
        Stream.of(
            new Way(LibTorchProducts::new, Precision.FLOAT32, EXACT, EXACT),
            new Way(LibTorchProducts::new, Precision.BF16, ROUNDING, ROUNDING),
            new Way(OneDnnProducts::new, Precision.FLOAT32, EXACT, EXACT));
    return MatrixMultiplier.knowsBf16()
        ? Stream.concat(
            everywhere, Stream.of(new Way(OneDnnProducts::new, Precision.BF16, ROUNDING, EXACT)))
        : everywhere;
  }

  @BeforeEach
  void sameNumbers() {
    torch.manual_seed(7);
  }

  private static Matrix random(Precision precision, int rows, int columns) {
    Tensor values = torch.randn(rows, columns).to(precision.type()).contiguous();
    return Matrix.of(values, rows, columns, precision);
  }

  private static Tensor floats(Matrix matrix) {
    return matrix.tensor().to(ScalarType.Float);
  }

  private static double distance(Matrix found, Tensor expected) {
    Tensor difference = floats(found).sub(expected);
    return Math.sqrt(
        difference.mul(difference).sum().item_float() / expected.mul(expected).sum().item_float());
  }

  @ParameterizedTest
  @MethodSource("ways")
  void forwardBackwardAndTheGradientAreThoseOfFloat32(Way way) {
    try (PointerScope _ = new PointerScope();
        LinearProducts products = way.products().get();
        Workspace space = new Workspace()) {
      Matrix x = random(way.precision(), TOKENS, INPUTS);
      Matrix weight = random(way.precision(), OUTPUTS, INPUTS);
      Matrix slopes = random(way.precision(), TOKENS, OUTPUTS);
      Matrix y = Matrix.empty(TOKENS, OUTPUTS, way.precision());
      products.forward(x, weight, y);
      Matrix onInput = Matrix.empty(TOKENS, INPUTS, way.precision());
      products.backward(slopes, weight, onInput);
      Matrix gradient = random(Precision.FLOAT32, OUTPUTS, INPUTS);
      List<Double> distances = new ArrayList<>();
      List<Double> ofGradient = new ArrayList<>();
      distances.add(distance(y, floats(x).mm(floats(weight).t())));
      distances.add(distance(onInput, floats(slopes).mm(floats(weight))));
      Tensor once = floats(slopes).t().mm(floats(x));
      products.learn(slopes, x, gradient, true, space);
      ofGradient.add(distance(gradient, once));
      products.learn(slopes, x, gradient, false, space);
      ofGradient.add(distance(gradient, once.add(once)));
      assertThat(distances).allSatisfy(each -> assertThat(each).isLessThan(way.rounding()));
      assertThat(ofGradient)
          .allSatisfy(each -> assertThat(each).isLessThan(way.roundingOfGradient()));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "FLOAT32, false, true, false",
    "FLOAT32, true, false, true",
    "BF16, true, false, false",
    "BF16, false, true, true"
  })
  void oneDnnMultipliesInFloat32WhereItIsAskedToAndInBf16WhereTheProcessorCan(
      Precision precision, boolean preferred, boolean known, boolean oneDnn) {
    try (LinearProducts products = LinearProducts.of(precision, preferred, () -> known)) {
      assertThat(products instanceof OneDnnProducts).isEqualTo(oneDnn);
    }
  }

  @ParameterizedTest
  @MethodSource("ways")
  void theSameProductsHaveTheSameBits(Way way) {
    try (PointerScope _ = new PointerScope();
        LinearProducts one = way.products().get();
        LinearProducts other = way.products().get()) {
      Matrix x = random(way.precision(), TOKENS, INPUTS);
      Matrix weight = random(way.precision(), OUTPUTS, INPUTS);
      Matrix y = Matrix.empty(TOKENS, OUTPUTS, way.precision());
      Matrix again = Matrix.empty(TOKENS, OUTPUTS, way.precision());
      one.forward(x, weight, y);
      other.forward(x, weight, again);
      assertThat(Tensors.toFloats(floats(y))).containsExactly(Tensors.toFloats(floats(again)));
    }
  }
}
