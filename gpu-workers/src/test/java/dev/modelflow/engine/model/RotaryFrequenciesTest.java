package dev.modelflow.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

/** Vectors of Hugging Face's rope tests and of Olmo 3's published configuration. */
class RotaryFrequenciesTest {
  private static final Percentage CLOSE = Percentage.withPercentage(1e-3);

  @Test
  void plainFrequenciesFallGeometrically() {
    double[] frequencies = RotaryFrequencies.of(8, 10_000, null);
    assertThat(frequencies).containsExactly(new double[] {1, 0.1, 0.01, 0.001}, within(1e-12));
  }

  @Test
  void yarnMatchesHuggingFacesVectors() {
    double[] frequencies = RotaryFrequencies.of(128, 10_000, new Yarn(10, 2048));
    assertThat(frequencies[17]).isCloseTo(8.3479e-02, within(1e-6));
    assertThat(frequencies[40]).isCloseTo(4.3007e-04, within(1e-8));
    assertThat(frequencies[41]).isCloseTo(2.7384e-04, within(1e-8));
    assertThat(frequencies[63]).isCloseTo(1.1548e-05, within(1e-9));
  }

  @Test
  void yarnMatchesOlmo3() {
    Yarn yarn = new Yarn(8, 8192);
    double[] frequencies = RotaryFrequencies.of(128, 500_000, yarn);
    assertThat(frequencies[1]).isCloseTo(.8146172339, CLOSE);
    assertThat(frequencies[17]).isCloseTo(3.063452089e-2, CLOSE);
    assertThat(frequencies[18]).isCloseTo(2.495540867e-2, CLOSE);
    assertThat(frequencies[19]).isCloseTo(1.928275494e-2, CLOSE);
    assertThat(frequencies[20]).isCloseTo(1.485568890e-2, CLOSE);
    assertThat(frequencies[24]).isCloseTo(5.040518274e-3, CLOSE);
    assertThat(frequencies[30]).isCloseTo(8.148398229e-4, CLOSE);
    assertThat(frequencies[34]).isCloseTo(1.656130359e-4, CLOSE);
    assertThat(frequencies[35]).isCloseTo(9.556212354e-5, CLOSE);
    assertThat(frequencies[63]).isCloseTo(3.068925989e-7, CLOSE);
    assertThat(yarn.attentionFactor()).isCloseTo(1.2079441541679836, within(1e-15));
  }

  @Test
  void theRampOfShortHeadsEndsBeyondTheirLastPair() {
    double[] frequencies = RotaryFrequencies.of(8, 10_000, new Yarn(4, 8192));
    assertThat(frequencies).containsExactly(new double[] {1, 0.1, 0.0075, 0.0005}, within(1e-12));
  }
}
