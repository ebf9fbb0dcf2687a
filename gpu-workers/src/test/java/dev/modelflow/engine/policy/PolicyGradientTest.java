package dev.modelflow.engine.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class PolicyGradientTest {
  private static final PolicyGradient OLMO = new PolicyGradient(0.2, 0.272, 2);
  private static final double[] ADVANTAGES = {1, -1, 2};
  private static final double[] NOW = {-1.69315, -1, -.59453};
  private static final double[] SAMPLED = {-.5, -1.5, -.8};
  private static final double BEFORE = -1;

  private static double mean(PolicyGradient loss, boolean weighted) {
    double sum = 0;
    for (int i = 0; i < 3; i++) {
      double weight = weighted ? loss.weight(BEFORE, SAMPLED[i]) : 1;
      sum += weight * loss.loss(Math.exp(NOW[i] - BEFORE), ADVANTAGES[i]);
    }
    return sum / 3;
  }

  @Test
  void lossMatchesTheHandComputedVectors() {
    assertThat(mean(OLMO, true)).isCloseTo(-0.245798, within(1e-5));
    assertThat(mean(OLMO, false)).isCloseTo(-0.681333, within(1e-5));
    assertThat(mean(new PolicyGradient(0.2, 0.2, 2), false)).isCloseTo(-0.6333, within(1e-4));
  }

  @Test
  void importanceWeightsAreTruncated() {
    assertThat(OLMO.weight(-1, -.5)).isCloseTo(.60653, within(1e-5));
    assertThat(OLMO.weight(-1, -1.5)).isCloseTo(1.64872, within(1e-5));
    assertThat(OLMO.weight(-1, -3)).isEqualTo(2);
    assertThat(new PolicyGradient(.2, .272, 0).weight(-1, -3)).isEqualTo(1);
  }

  @Test
  void clippingStopsTheGradientOnlyWhereItWouldGoFurther() {
    assertThat(OLMO.slope(1.3, 1)).isZero();
    assertThat(OLMO.slope(1.3, -1)).isEqualTo(1.3);
    assertThat(OLMO.slope(0.7, -1)).isZero();
    assertThat(OLMO.slope(0.7, 1)).isEqualTo(-0.7);
    assertThat(OLMO.slope(1, 7.5)).isEqualTo(-7.5);
  }

  @Test
  void advantagesAreCentredAndNotScaled() {
    assertThat(Advantages.centred(new double[] {10, 0, 0, 10, 0, 0, 0, 0}))
        .containsExactly(7.5, -2.5, -2.5, 7.5, -2.5, -2.5, -2.5, -2.5);
    assertThat(Advantages.haveSpread(new double[] {10, 10})).isFalse();
    assertThat(Advantages.haveSpread(new double[] {10, 0})).isTrue();
  }
}
