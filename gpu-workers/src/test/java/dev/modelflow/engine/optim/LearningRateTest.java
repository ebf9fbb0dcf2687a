package dev.modelflow.engine.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.modelflow.engine.optim.LearningRate.Curve;
import org.junit.jupiter.api.Test;

class LearningRateTest {
  @Test
  void cosineOfOlmo3PassesHalfWayAtTheSwitchStep() {
    LearningRate rate = new LearningRate(Curve.COSINE, 3e-4, 3e-5, 2000, 1_192_092);
    assertThat(rate.at(1000)).isCloseTo(1.5e-4, within(1e-12));
    assertThat(rate.at(2000)).isCloseTo(3e-4, within(1e-12));
    assertThat(rate.at(597_046)).isCloseTo(1.65e-4, within(1e-12));
    assertThat(rate.at(1_192_092)).isCloseTo(3e-5, within(1e-12));
  }

  @Test
  void linearFallsEvenlyToItsEnd() {
    LearningRate rate = new LearningRate(Curve.LINEAR, 2, 0, 0, 4);
    assertThat(rate.at(1)).isEqualTo(1.5);
    assertThat(rate.at(4)).isZero();
  }

  @Test
  void constantStaysAfterItsWarmUp() {
    LearningRate rate = new LearningRate(Curve.CONSTANT, 2, 0, 4, 10);
    assertThat(rate.at(1)).isEqualTo(0.5);
    assertThat(rate.at(4)).isEqualTo(2);
    assertThat(rate.at(10)).isEqualTo(2);
  }
}
