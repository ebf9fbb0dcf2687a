package dev.modelflow.web.api;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * How often open pages are fetched again: the more of them are open, the less often each, so that
 * all together stay below a rate.
 */
final class Pace {
  private static final long LEAST_MILLIS = 1500;
  private static final long MILLIS_A_READER = 60;

  private final AtomicInteger readers = new AtomicInteger();

  void joined() {
    readers.incrementAndGet();
  }

  void left() {
    readers.decrementAndGet();
  }

  /** How long each page waits after news; in steps, so that it changes seldom. */
  long pauseMillis() {
    long wanted = MILLIS_A_READER * readers.get();
    return Math.max(LEAST_MILLIS, (wanted + LEAST_MILLIS - 1) / LEAST_MILLIS * LEAST_MILLIS);
  }
}
