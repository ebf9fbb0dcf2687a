package dev.modelflow.dispatch;

import java.time.Duration;
import java.util.function.Supplier;

/** Does something from time to time, in one thread. The first time is due at once. */
final class Rhythm {
  private long due = System.nanoTime();

  /** Does it if it is due, and not again before the time that it returns; what fails stays due. */
  void whenDue(Supplier<Duration> work) {
    if (System.nanoTime() - due >= 0) {
      Duration pause = work.get();
      due = System.nanoTime() + pause.toNanos();
    }
  }
}
