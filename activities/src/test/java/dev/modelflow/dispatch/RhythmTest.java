package dev.modelflow.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RhythmTest {
  private final Rhythm rhythm = new Rhythm();
  private int times;

  private void doItThenRestFor(Duration pause) {
    rhythm.whenDue(
        () -> {
          times++;
          return pause;
        });
  }

  @Test
  void theFirstTimeIsDueAtOnceAndTheNextIsNot() {
    doItThenRestFor(Duration.ofHours(1));
    doItThenRestFor(Duration.ZERO);
    assertThat(times).isEqualTo(1);
  }

  @Test
  void itIsDoneAgainAfterItsPause() {
    doItThenRestFor(Duration.ZERO);
    doItThenRestFor(Duration.ZERO);
    assertThat(times).isEqualTo(2);
  }

  @Test
  void whatFailedStaysDue() {
    assertThatThrownBy(() -> rhythm.whenDue(RhythmTest::fail)).hasMessage("no");
    doItThenRestFor(Duration.ZERO);
    assertThat(times).isEqualTo(1);
  }

  private static Duration fail() {
    throw new IllegalStateException("no");
  }
}
