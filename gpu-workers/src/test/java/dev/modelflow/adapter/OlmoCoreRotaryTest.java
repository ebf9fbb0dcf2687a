package dev.modelflow.adapter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelflow.domain.OlmoCoreRotary;
import dev.modelflow.engine.model.RotaryFrequencies;
import dev.modelflow.engine.model.Yarn;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class OlmoCoreRotaryTest {
  @Property(tries = 1000)
  void agreesWhereAllFrequenciesAreEqual(
      @ForAll @IntRange(min = 1, max = 64) int pairs,
      @ForAll @DoubleRange(min = 500, max = 1e6) double base,
      @ForAll @IntRange(min = 1, max = 20_000) int context) {
    assertThat(OlmoCoreRotary.agrees(2 * pairs, base, context))
        .isEqualTo(areEqual(2 * pairs, base, context));
  }

  @Test
  void smallHeadsAtALongContextDiffer() {
    assertThat(OlmoCoreRotary.agrees(8, 10_000, 8192)).isFalse();
    assertThat(areEqual(8, 10_000, 8192)).isFalse();
    assertThat(OlmoCoreRotary.agrees(128, 500_000, 8192)).isTrue();
    assertThat(areEqual(128, 500_000, 8192)).isTrue();
  }

  private static boolean areEqual(int headSize, double base, int context) {
    double[] ours = RotaryFrequencies.of(headSize, base, new Yarn(8, context));
    for (int pair = 0; pair < ours.length; pair++) {
      double theirs = olmoCore(pair, headSize, base, context);
      if (Math.abs(ours[pair] - theirs) > 1e-9 * theirs) {
        return false;
      }
    }
    return true;
  }

  /** {@code YaRNRoPEScalingConfig.compute_scaled_inv_freq} of OLMo-core 3.0.0, factor 8. */
  private static double olmoCore(int pair, int headSize, double base, int context) {
    double low = Math.max(Math.floor(pairOf(32, headSize, base, context)), 0);
    double high = Math.min(Math.ceil(pairOf(1, headSize, base, context)), headSize / 2 - 1);
    double ramp = Math.clamp((pair - low) / Math.max(high - low, 1e-3), 0, 1);
    double plain = 1 / Math.pow(base, 2.0 * pair / headSize);
    return plain / 8 * ramp + plain * (1 - ramp);
  }

  private static double pairOf(int turns, int headSize, double base, int context) {
    return headSize * Math.log(context / (turns * 2 * Math.PI)) / (2 * Math.log(base));
  }
}
