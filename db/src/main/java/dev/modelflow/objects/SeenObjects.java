package dev.modelflow.objects;

import dev.modelflow.domain.Digest;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/** Which objects were seen in the store a short while ago, and of what size. */
final class SeenObjects {
  /** How long that counts. */
  static final Duration LASTS = Duration.ofMinutes(1);

  private final ConcurrentHashMap<Digest, Seen> seen = new ConcurrentHashMap<>();
  private final int most;
  private final LongSupplier nanos;

  /**
   * None yet.
   *
   * @param most how many are remembered at a time
   * @param nanos a clock, as {@link System#nanoTime}
   */
  SeenObjects(int most, LongSupplier nanos) {
    this.most = most;
    this.nanos = nanos;
  }

  /** Whether it was there with this size a short while ago, as far as that is remembered. */
  boolean lately(Digest object, long size) {
    Seen found = seen.get(object);
    return found != null && found.size == size && isFresh(found);
  }

  /** Notes that it is there now. */
  void note(Digest object, long size) {
    if (seen.size() >= most) {
      seen.values().removeIf(old -> !isFresh(old));
    }
    if (seen.size() < most) {
      seen.put(object, new Seen(size, nanos.getAsLong()));
    }
  }

  /** Notes that it is not there, or not as it should be. */
  void forget(Digest object) {
    seen.remove(object);
  }

  private boolean isFresh(Seen found) {
    return nanos.getAsLong() - found.at < LASTS.toNanos();
  }

  private record Seen(long size, long at) {}
}
