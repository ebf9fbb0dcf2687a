package dev.modelflow.dispatch;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** For how long the workflow engine has refused runs; kept in this process alone. */
final class Refusals {
  private final Duration patience;
  private final Map<String, Long> first = new ConcurrentHashMap<>();

  /** Takes a refusal for the last word once a run was refused for so long. */
  Refusals(Duration patience) {
    this.patience = patience;
  }

  /** Notes that the run was refused; says whether that is the last word. */
  boolean isForGood(String run) {
    long now = System.nanoTime();
    return now - first.computeIfAbsent(run, any -> now) >= patience.toNanos();
  }

  /** The run is refused no more. */
  void forget(String run) {
    first.remove(run);
  }
}
