package dev.modelflow.engine.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class SkipStepTest {
  /** What {@code gpu-workers/parity/options.py} computed with PyTorch. */
  @Test
  void skipsTheStepsThatOlmoCoresRuleSkips() throws Exception {
    var resource =
        Objects.requireNonNull(SkipStepTest.class.getResourceAsStream("/golden/skip-step.json"));
    JsonNode golden = JsonMapper.shared().readTree(resource);
    SkipStep skip =
        new SkipStep(golden.path("window").asInt(), golden.path("deviations").asDouble());
    List<Integer> skipped = new ArrayList<>();
    for (int step = 0; step < golden.path("losses").size(); step++) {
      double loss = golden.path("losses").get(step).asDouble();
      if (!skip.allows(loss, golden.path("gradientNorms").get(step).asDouble())) {
        skipped.add(step);
      }
    }
    assertThat(skipped)
        .isNotEmpty()
        .isEqualTo(golden.path("skipped").valueStream().map(JsonNode::asInt).toList());
    assertThat(skip.skipped()).isEqualTo(skipped.size());
  }

  @Test
  void isBlindUntilHalfAWindowWasSeen() {
    SkipStep skip = new SkipStep(8, 6);
    assertThat(skip.allows(1, 1)).isTrue();
    assertThat(skip.allows(1.1, 1)).isTrue();
    assertThat(skip.allows(1e9, 1)).isTrue();
    assertThat(skip.allows(1e12, 1)).isFalse();
  }

  @Test
  void unusuallySmallNumbersAndEqualOnesPass() {
    SkipStep skip = new SkipStep(8, 6);
    for (int step = 0; step < 20; step++) {
      assertThat(skip.allows(2.3, 0.7)).isTrue();
    }
    assertThat(skip.allows(0, 0.7)).isTrue();
  }

  /** Also while it is blind, and for as long as the window would have held the number. */
  @ParameterizedTest
  @CsvSource({"NaN, 1", "Infinity, 1", "1, NaN", "1, Infinity"})
  void whatIsNotFiniteIsSkippedAndForgotten(double loss, double gradientNorm) {
    SkipStep skip = new SkipStep(8, 6);
    assertThat(skip.allows(loss, gradientNorm)).isFalse();
    for (int step = 0; step < 8; step++) {
      assertThat(skip.allows(step % 2, 1)).isTrue();
    }
    assertThat(skip.allows(loss, gradientNorm)).isFalse();
    assertThat(skip.allows(1, 1)).isTrue();
    assertThat(skip.allows(1e9, 1)).isFalse();
    assertThat(skip.losses()).containsExactly(0.0, 1.0, 0.0, 1.0, 0.0, 1.0, 1.0, 1e9);
    assertThat(skip.gradientNorms()).hasSize(8).containsOnly(1.0);
    assertThat(skip.skipped()).isEqualTo(3);
  }

  /** OLMo-core's guard, whose checkpoints ours goes on from, keeps it in its window. */
  @Test
  void anInfiniteNumberThatAnotherRememberedIsForgotten() {
    SkipStep skip = new SkipStep(8, 6);
    skip.continueFrom(
        List.of(1.0, 2.0, 1.0, 2.0, 1.0), List.of(3.0, Double.POSITIVE_INFINITY, 3.0, 3.0, 3.0), 1);
    assertThat(skip.losses()).containsExactly(1.0, 1.0, 2.0, 1.0);
    assertThat(skip.gradientNorms()).hasSize(4).containsOnly(3.0);
    assertThat(skip.allows(1, 1)).isTrue();
  }

  /** A guard that goes on from what another remembers decides as that one. */
  @Property(tries = 200)
  void goesOnAsIfItHadNeverStopped(
      @ForAll @IntRange(min = 8, max = 40) int window,
      @ForAll @IntRange(max = 100) int before,
      @ForAll long seed) {
    Random random = new Random(seed);
    SkipStep whole = new SkipStep(window, 2);
    for (int step = 0; step < before; step++) {
      whole.allows(random.nextGaussian(), random.nextDouble());
    }
    SkipStep resumed = new SkipStep(window, 2);
    resumed.continueFrom(whole.losses(), whole.gradientNorms(), whole.skipped());
    for (int step = 0; step < 60; step++) {
      double loss = random.nextGaussian();
      double norm = random.nextDouble();
      assertThat(resumed.allows(loss, norm)).isEqualTo(whole.allows(loss, norm));
    }
    assertThat(resumed.losses()).isEqualTo(whole.losses()).hasSizeLessThanOrEqualTo(window);
    assertThat(resumed.gradientNorms()).isEqualTo(whole.gradientNorms());
    assertThat(resumed.skipped()).isEqualTo(whole.skipped());
  }

  @Test
  void aWindowFromWhichNoDeviationCanBeToldIsRefused() {
    assertThatThrownBy(() -> new SkipStep(7, 6)).hasMessage("a window of 7 steps: use at least 8");
  }
}
