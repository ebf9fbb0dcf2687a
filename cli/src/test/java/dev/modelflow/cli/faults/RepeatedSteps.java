package dev.modelflow.cli.faults;

import dev.modelflow.cli.faults.Observation.Progress;
import java.util.HashMap;
import java.util.Map;

/**
 * Counts the steps that were trained more than once, from what is seen of a run while it runs and
 * from where the ledger says that its attempts resumed.
 */
final class RepeatedSteps {
  private final Map<String, Progress> newest = new HashMap<>();
  private final Map<String, Map<Integer, Long>> reached = new HashMap<>();

  /** Takes note of how far a stage is. */
  void see(Progress seen) {
    Progress before = newest.put(seen.stage(), seen);
    boolean stale =
        before != null && before.epoch() != seen.epoch() && before.step() == seen.step();
    // A new attempt has not said anything yet as long as the old one's step stands there.
    if (stale) {
      newest.put(seen.stage(), before);
      return;
    }
    reached
        .computeIfAbsent(seen.stage(), any -> new HashMap<>())
        .merge(seen.epoch(), seen.step(), Math::max);
  }

  /**
   * Steps beyond those that were needed.
   *
   * @param starts stage → epoch → the step after which that attempt went on; absent for zero
   * @param total stage → steps that it has
   */
  long count(Map<String, Map<Integer, Long>> starts, Map<String, Long> total) {
    long trained = 0;
    for (Map.Entry<String, Map<Integer, Long>> stage : reached.entrySet()) {
      Map<Integer, Long> resumed = starts.getOrDefault(stage.getKey(), Map.of());
      for (Map.Entry<Integer, Long> attempt : stage.getValue().entrySet()) {
        trained += attempt.getValue() - resumed.getOrDefault(attempt.getKey(), 0L);
      }
      trained -= total.getOrDefault(stage.getKey(), 0L);
    }
    return Math.max(0, trained);
  }
}
