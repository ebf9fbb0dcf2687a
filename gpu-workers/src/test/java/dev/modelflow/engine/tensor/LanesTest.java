package dev.modelflow.engine.tensor;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class LanesTest {
  @Test
  void aFailureIsThrownAsItIsOnTheLane() {
    IllegalArgumentException refused = new IllegalArgumentException("The answer is too long");
    Error broken = new OutOfMemoryError("no room");
    try (Lanes lanes = new Lanes(2)) {
      assertThatThrownBy(() -> lanes.run(lane -> thrown(lane, 1, refused))).isSameAs(refused);
      assertThatThrownBy(
              () ->
                  lanes.run(
                      _ -> {
                        throw broken;
                      }))
          .isSameAs(broken);
    }
  }

  private static int thrown(int lane, int at, RuntimeException failure) {
    if (lane == at) {
      throw failure;
    }
    return lane;
  }
}
