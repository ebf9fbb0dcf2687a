package dev.modelflow.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelflow.engine.tensor.Lanes;
import dev.modelflow.engine.tensor.Precision;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GemmPeakTest {
  @ParameterizedTest
  @EnumSource
  void theFastestOfTheProductsIsNamed(Precision precision) {
    try (Lanes lanes = new Lanes(2)) {
      Gemm peak = new GemmPeak(lanes, precision.type()).measure(new int[] {2, 128}, 1e7);

      assertThat(peak.gflops()).isPositive();
      assertThat(peak.size()).isEqualTo(128);
    }
  }
}
