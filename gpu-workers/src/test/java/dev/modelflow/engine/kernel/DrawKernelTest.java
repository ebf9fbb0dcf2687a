package dev.modelflow.engine.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.modelflow.engine.tensor.LibTorch;
import dev.modelflow.engine.tensor.Precision;
import dev.modelflow.engine.tensor.Tensors;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.FloatRange;
import net.jqwik.api.constraints.IntRange;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;

class DrawKernelTest {
  private static final int ROWS = 3;
  private static final double ROUNDING = 1e-5;

  @Property(tries = 100)
  void aDrawInvertsTheCumulativeDistribution(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 400) int count,
      @ForAll @FloatRange(min = 0.25f, max = 3) float factor,
      @ForAll @FloatRange(min = 0, max = 0.99f) float uniform) {
    LibTorch.start();
    try (PointerScope _ = new PointerScope()) {
      Matrix logits = Graphs.random(seed, ROWS, count, Precision.FLOAT32);
      float[] scores =
          Tensors.toFloats(logits.tensor().mul(new Scalar((double) factor)).log_softmax(1));
      float[] logProbs = new float[ROWS];
      DrawKernel kernel = new DrawKernel(count);
      for (int row = 0; row < ROWS; row++) {
        int column = kernel.drawn(logits, row, factor, uniform, logProbs);
        double below = 0;
        for (int i = 0; i < column; i++) {
          below += Math.exp(scores[row * count + i]);
        }
        double own = scores[row * count + column];
        assertThat(below).isLessThanOrEqualTo(uniform + ROUNDING);
        assertThat(below + Math.exp(own)).isGreaterThanOrEqualTo(uniform - ROUNDING);
        assertThat((double) logProbs[row]).isCloseTo(own, within(ROUNDING * (1 - own)));
      }
    }
  }

  @Property(tries = 100)
  void theLargestNumberDrawsNoColumnWithoutAShare(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 399) int likely) {
    LibTorch.start();
    try (PointerScope _ = new PointerScope()) {
      int count = 400;
      float[] values = Tensors.toFloats(Graphs.random(seed, 1, count, Precision.FLOAT32).tensor());
      Arrays.fill(values, likely, count, -1000);
      Matrix logits = Matrix.of(Tensors.floats(values, 1, count), 1, count, Precision.FLOAT32);
      DrawKernel kernel = new DrawKernel(count);
      int last = kernel.drawn(logits, 0, 1, Math.nextDown(1f), new float[1]);
      assertThat(last).isLessThan(likely);
      assertThat(kernel.drawn(logits, 0, 1, 0, new float[1])).isZero();
    }
  }

  @Property(tries = 60)
  void theLikeliestIsTheFirstOfTheLargest(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 400) int count) {
    LibTorch.start();
    try (PointerScope _ = new PointerScope()) {
      // Rounded, so that some are equal.
      Matrix logits =
          Matrix.of(
              Graphs.random(seed, ROWS, count, Precision.FLOAT32).tensor().round(),
              ROWS,
              count,
              Precision.FLOAT32);
      float[] values = Tensors.toFloats(logits.tensor());
      float[] scores = Tensors.toFloats(logits.tensor().log_softmax(1));
      float[] logProbs = new float[ROWS];
      DrawKernel kernel = new DrawKernel(count);
      for (int row = 0; row < ROWS; row++) {
        int first = 0;
        for (int i = 1; i < count; i++) {
          first = values[row * count + i] > values[row * count + first] ? i : first;
        }
        assertThat(kernel.likeliest(logits, row, logProbs)).isEqualTo(first);
        double own = scores[row * count + first];
        assertThat((double) logProbs[row]).isCloseTo(own, within(ROUNDING * (1 - own)));
      }
    }
  }
}
