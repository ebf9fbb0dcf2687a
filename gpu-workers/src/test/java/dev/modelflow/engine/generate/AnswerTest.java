package dev.modelflow.engine.generate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelflow.engine.random.CounterRandom;
import java.util.List;
import org.junit.jupiter.api.Test;

class AnswerTest {
  /** Its stream without a purpose begins with 64 bits that are all 1. */
  private static final long LARGEST_FIRST = 0x1e8d824fcb95953dL;

  @Test
  void aRandomNumberThatWouldBeRoundedToOneStaysBelow() {
    CounterRandom random = CounterRandom.of(LARGEST_FIRST, "");
    assertThat((float) random.uniform(0)).isEqualTo(1);

    Answer answer = new Answer(new Request(new int[] {1}, List.of(random)), random, 1);
    assertThat(answer.uniform()).isEqualTo(Math.nextDown(1f));
  }
}
