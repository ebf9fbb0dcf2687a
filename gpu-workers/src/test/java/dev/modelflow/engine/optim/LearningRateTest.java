package dev.modelflow.engine.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.modelflow.engine.optim.Curve.Constant;
import dev.modelflow.engine.optim.Curve.Cosine;
import dev.modelflow.engine.optim.Curve.HalfCosine;
import dev.modelflow.engine.optim.Curve.Linear;
import dev.modelflow.engine.optim.Curve.Stable;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Numbers of Olmo 3's schedules, and of the cases of OLMo-core's scheduler_test.py. */
class LearningRateTest {
  /** Steps of a batch of 4,194,304 tokens in 5 and in 7 trillion tokens. */
  private static final int FIRST_PLAN = 1_192_092;

  private static final int SECOND_PLAN = 1_668_930;
  private static final int SWITCH = 597_046;

  @Test
  void cosineOfOlmo3PassesHalfWayAtTheSwitchStep() {
    LearningRate rate = new LearningRate(new Cosine(), 3e-4, 3e-5, 2000, FIRST_PLAN);
    assertThat(rate.at(1000)).isCloseTo(1.5e-4, within(1e-12));
    assertThat(rate.at(2000)).isCloseTo(3e-4, within(1e-12));
    assertThat(rate.at(SWITCH)).isCloseTo(1.65e-4, within(1e-12));
    assertThat(rate.at(FIRST_PLAN)).isCloseTo(3e-5, within(1e-12));
  }

  @Test
  void halfCosineOfOlmo3GoesOnWhereTheCosineLeft() {
    LearningRate rate = new LearningRate(new HalfCosine(), 3e-4, 3e-5, SWITCH, SECOND_PLAN);
    assertThat(rate.at(SWITCH / 2)).isCloseTo(8.25e-5, within(1e-12));
    assertThat(rate.at(SWITCH)).isCloseTo(1.65e-4, within(1e-12));
    assertThat(rate.at(1_413_814)).isCloseTo(3.932521661612569e-05, within(1e-16));
  }

  @Test
  void halfCosineOfAStageOfItsOwnIsTheSame() {
    LearningRate whole = new LearningRate(new HalfCosine(), 3e-4, 3e-5, SWITCH, SECOND_PLAN);
    LearningRate rest =
        new LearningRate(new HalfCosine(), 3e-4, 3e-5, 0, SECOND_PLAN - SWITCH, 816_768);
    for (int step = 1; step <= rest.steps(); step += 90_751) {
      assertThat(rest.at(step)).isCloseTo(whole.at(SWITCH + step), within(1e-18));
    }
    assertThat(rest.at(816_768)).isCloseTo(3.932521661612569e-05, within(1e-16));
  }

  @Test
  void aScheduleLongerThanTheStageIsCutOff() {
    LearningRate olmo32 = new LearningRate(new Cosine(), 6e-4, 6e-5, 2000, 706_911, 656_000);
    assertThat(olmo32.at(656_000)).isCloseTo(6.70e-5, within(1e-7));
    LearningRate report = new LearningRate(new Cosine(), 6e-4, 6e-5, 2000, 683_055, 656_000);
    assertThat(report.at(656_000)).isCloseTo(6.210e-5, within(5e-9));
  }

  @Test
  void cosineAndLinearAreThoseOfOlmoCore() {
    LearningRate cosine = new LearningRate(new Cosine(), 10, 2, 3000, 10_000);
    double expected = 2 + 8 * (1 + Math.cos(Math.PI * 2000 / 7000)) / 2;
    assertThat(cosine.at(1000)).isCloseTo(10.0 / 3, within(1e-12));
    assertThat(cosine.at(5000)).isCloseTo(expected, within(1e-12));
    assertThat(cosine.at(10_000)).isEqualTo(2);

    LearningRate linear = new LearningRate(new Linear(), 10, 2, 3000, 10_000);
    assertThat(linear.at(3000)).isEqualTo(10);
    assertThat(linear.at(5000)).isCloseTo(10 - 8.0 * 2000 / 7000, within(1e-12));
    assertThat(linear.at(10_000)).isEqualTo(2);
  }

  /**
   * What CosWithWarmup, HalfCosWithWarmup, LinearWithWarmup (warmup 10, alpha_f 0.25) and WSD
   * (warmup 10, decay 20, decay_min_lr 0.5) of OLMo-core at fa6c501 give for 2.0 over 100 steps.
   */
  @ParameterizedTest
  @CsvSource({
    "5, 1.0, 0.625, 1.0, 1.0",
    "10, 2.0, 1.25, 2.0, 2.0",
    "33, 1.770993777844248, 0.9569516536330448, 1.6166666666666667, 2.0",
    "80, 0.6754666676607666, 0.5452305344105688, 0.8333333333333333, 2.0",
    "85, 0.600480947161671, 0.5255556302831988, 0.75, 1.625",
    "99, 0.5004568797356782, 0.5001142286327065, 0.5166666666666666, 0.575",
    "100, 0.5, 0.5, 0.5, 0.5"
  })
  void isWhatOlmoCoresSchedulersGive(
      int step, double cosine, double halfCosine, double linear, double stable) {
    double[] expected = {cosine, halfCosine, linear, stable};
    for (int curve = 0; curve < expected.length; curve++) {
      LearningRate rate = new LearningRate(curve(curve, 20), 2.0, 0.5, 10, 100);
      assertThat(rate.at(step)).as("curve %d", curve).isCloseTo(expected[curve], within(1e-15));
    }
  }

  @Test
  void linearFallsEvenlyToItsEnd() {
    LearningRate rate = new LearningRate(new Linear(), 2, 0, 0, 4);
    assertThat(rate.at(1)).isEqualTo(1.5);
    assertThat(rate.at(4)).isZero();
  }

  @Test
  void stableHoldsThePeakUntilItsFall() {
    LearningRate rate = new LearningRate(new Stable(20), 2, 0.5, 10, 100);
    assertThat(rate.at(5)).isEqualTo(1);
    assertThat(rate.at(10)).isEqualTo(2);
    assertThat(rate.at(80)).isEqualTo(2);
    assertThat(rate.at(90)).isEqualTo(1.25);
    assertThat(rate.at(100)).isEqualTo(0.5);
    assertThatThrownBy(() -> new Stable(0)).hasMessage("a fall of 0 steps: use at least 1");
  }

  @Test
  void constantStaysAfterItsWarmUp() {
    LearningRate rate = new LearningRate(new Constant(), 2, 0, 4, 10);
    assertThat(rate.at(1)).isEqualTo(0.5);
    assertThat(rate.at(4)).isEqualTo(2);
    assertThat(rate.at(10)).isEqualTo(2);
  }

  /**
   * Whatever the numbers are, the rate rises to its top, never rises again and ends at its last.
   */
  @Property(tries = 300)
  void everyCurveRisesAndThenFallsToItsLastRate(
      @ForAll @IntRange(max = 4) int curve,
      @ForAll @IntRange(max = 40) int warmup,
      @ForAll @IntRange(min = 1, max = 60) int after,
      @ForAll @IntRange(min = 1, max = 60) int decay,
      @ForAll @IntRange(max = 10) int tenths) {
    double last = tenths / 10.0;
    int end = warmup + after;
    LearningRate rate =
        new LearningRate(curve(curve, Math.min(decay, after)), 1, last, warmup, end);
    for (int step = 2; step <= end; step++) {
      double change = rate.at(step) - rate.at(step - 1);
      if (step <= warmup) {
        assertThat(change).isPositive();
      } else {
        assertThat(change).isLessThanOrEqualTo(1e-15);
      }
    }
    assertThat(rate.at(end)).isEqualTo(curve == 4 ? 1 : last);
  }

  private static Curve curve(int number, int decay) {
    return switch (number) {
      case 0 -> new Cosine();
      case 1 -> new HalfCosine();
      case 2 -> new Linear();
      case 3 -> new Stable(decay);
      default -> new Constant();
    };
  }
}
