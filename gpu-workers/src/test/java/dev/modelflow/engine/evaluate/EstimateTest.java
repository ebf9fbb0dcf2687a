package dev.modelflow.engine.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class EstimateTest {
  @Test
  void aMeanOfSharesHasTheBinomialError() {
    Estimate share = Estimate.mean(new double[] {1, 0, 1, 1});
    assertThat(share.value()).isEqualTo(0.75);
    assertThat(share.standardError()).isCloseTo(Math.sqrt(0.75 * 0.25 / 3), within(1e-12));
    assertThat(share.samples()).isEqualTo(4);
  }

  @Test
  void aRatioWeighsItsSamplesByTheirSize() {
    Estimate ratio = Estimate.ratio(new double[] {2, 6}, new double[] {1, 3});
    assertThat(ratio.value()).isEqualTo(2);
    assertThat(ratio.standardError()).isZero();
    assertThat(Estimate.ratio(new double[] {2, 2}, new double[] {1, 3}).standardError())
        .isGreaterThan(0.3);
  }
}
