package dev.modelflow.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.modelflow.engine.model.ParameterLayout.Entry;
import dev.modelflow.engine.tensor.Range;
import java.util.List;
import org.junit.jupiter.api.Test;

class InitializationTest {
  private static final Initialization START = new Initialization(0.5, 0.02, 0.3);

  /** Of a normal distribution that is cut at three of its own. */
  private static final double CUT_DEVIATION = 0.98658;

  @Test
  void matricesAndEmbeddingsAreNormalAndCutAtThreeDeviations() {
    assertCut(new Entry(ParameterLayout.EMBEDDING, List.of(1000L, 100L), 0), 0.5);
    assertCut(new Entry("lm_head.weight", List.of(1000L, 100L), 0), 0.02);
  }

  private static float[] values(Entry weight) {
    float[] values = new float[(int) weight.size()];
    START.fill(weight, 1, Range.of(weight.size()), values);
    return values;
  }

  private static void assertCut(Entry weight, double deviation) {
    double squares = 0;
    double largest = 0;
    for (float value : values(weight)) {
      squares += (double) value * value;
      largest = Math.max(largest, Math.abs(value));
    }
    assertThat(Math.sqrt(squares / weight.size()))
        .isCloseTo(CUT_DEVIATION * deviation, within(0.01 * deviation));
    assertThat(largest).isBetween(2.9 * deviation, 3.000001 * deviation);
  }

  @Test
  void outputNormsBeginWhereTheyAreToldAndOthersAtOne() {
    assertThat(values(new Entry(ParameterLayout.norm(0, "post_x"), List.of(2L), 0)))
        .containsExactly(0.3f, 0.3f);
    assertThat(values(new Entry("model.norm.weight", List.of(2L), 0))).containsExactly(1, 1);
  }
}
