package dev.modelflow.objects;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelflow.domain.Digest;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SeenObjectsTest {
  private static final Digest ONE = Digest.of("one");
  private static final Digest TWO = Digest.of("two");

  private final AtomicLong clock = new AtomicLong();
  private final SeenObjects seen = new SeenObjects(1, clock::get);

  @Test
  void whatWasSeenCountsForAWhileWithItsSize() {
    assertThat(seen.lately(ONE, 3)).isFalse();
    seen.note(ONE, 3);
    assertThat(seen.lately(ONE, 3)).isTrue();
    assertThat(seen.lately(ONE, 4)).isFalse();
    clock.set(SeenObjects.LASTS.toNanos());
    assertThat(seen.lately(ONE, 3)).isFalse();
  }

  @Test
  void whatIsMissedIsForgotten() {
    seen.note(ONE, 3);
    seen.forget(ONE);
    assertThat(seen.lately(ONE, 3)).isFalse();
  }

  @Test
  void noMoreAreRememberedThanThereMayBe() {
    seen.note(ONE, 1);
    seen.note(TWO, 2);
    assertThat(seen.lately(TWO, 2)).isFalse();
    clock.set(SeenObjects.LASTS.toNanos());
    seen.note(TWO, 2);
    assertThat(seen.lately(TWO, 2)).isTrue();
  }
}
