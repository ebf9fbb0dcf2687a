package dev.modelflow.engine.model;

import static dev.modelflow.engine.model.OtherShapes.withHeadSize;
import static dev.modelflow.engine.model.OtherShapes.withTiedHead;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ModelConfigTest {
  private static ModelConfig layers(int layers, int window) {
    return new ModelConfig(layers, 16, 2, 24, 50, 32, window, 10_000, null);
  }

  @Test
  void everyFourthLayerAndTheLastAreFull() {
    ModelConfig model = layers(7, 8);
    assertThat(IntStream.range(0, 7).filter(model::isFull)).containsExactly(3, 6);
  }

  @Test
  void withoutAWindowEveryLayerIsFull() {
    ModelConfig model = layers(3, 0);
    assertThat(IntStream.range(0, 3).filter(model::isFull)).containsExactly(0, 1, 2);
  }

  @Test
  void extendingTwiceKeepsTheOriginalContext() {
    assertThat(layers(4, 8).extended(2).extended(2).yarn()).isEqualTo(new Yarn(4, 32));
  }

  @Test
  void headsThatDoNotDivideTheWidthAreRefused() {
    assertThatThrownBy(() -> new ModelConfig(2, 16, 3, 24, 50, 32, 0, 10_000, null))
        .hasMessage(
            "model.width 16 does not divide into 3 heads of even size: change width or heads");
  }

  @Test
  void headsThatCannotShareKeysAndValuesAreRefused() {
    assertThatThrownBy(() -> layers(2, 0).withKeyValueHeads(3))
        .hasMessage("model.keyValueHeads 3 does not divide the 2 heads: change one of them");
    assertThatThrownBy(() -> withHeadSize(layers(2, 0), 7))
        .hasMessage("model.headSize is 7: rotary positions need an even size");
  }

  @Test
  void sharedKeysAndATiedHeadSpareParameters() {
    ModelConfig model = layers(2, 0);
    long all = new ParameterLayout(model).size();
    // Two layers lose a head of 8 in keys and values of width 16, and in the norm of keys.
    assertThat(new ParameterLayout(model.withKeyValueHeads(1)).size())
        .isEqualTo(all - 2 * (2 * 8 * 16 + 8));
    assertThat(new ParameterLayout(withTiedHead(model)).size()).isEqualTo(all - 50 * 16);
  }

  @Test
  void parametersOfOlmo3sLargestPresetAreCounted() {
    ModelConfig model =
        new ModelConfig(64, 5120, 40, 27_648, 100_352, 8192, 4096, 500_000, null)
            .withKeyValueHeads(8);
    assertThat(new ParameterLayout(model).size()).isEqualTo(32_234_279_936L);
  }

  @Test
  void parametersOfOlmo3sSmallestPresetAreCounted() {
    ModelConfig model = new ModelConfig(4, 128, 8, 512, 100_352, 8192, 4096, 500_000, null);
    assertThat(new ParameterLayout(model).size()).isEqualTo(26_740_864);
  }
}
