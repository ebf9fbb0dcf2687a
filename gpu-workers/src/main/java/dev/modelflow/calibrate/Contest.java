package dev.modelflow.calibrate;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Compares ways to start by turns, so that whatever else the machine does hits all alike. The one
 * that holds wins unless another is clearly faster.
 */
final class Contest {
  private static final int ROUNDS = 3;

  // One that is a tenth slower after a round would not catch up.
  private static final double HOPELESS = 0.9;

  // Less than this is noise.
  private static final double CLEARLY = 1.02;

  private Contest() {}

  /**
   * Measures all and returns the winner; empty when all failed.
   *
   * @param probes those that are ready; the first one holds
   */
  static Optional<Probe> winner(List<Probe> probes) throws InterruptedException {
    List<Probe> running = new ArrayList<>(probes);
    for (int round = 0; round < ROUNDS && !running.isEmpty(); round++) {
      List<Probe> left = new ArrayList<>();
      for (Probe probe : running) {
        if (probe.round()) {
          left.add(probe);
        }
      }
      double best = left.stream().mapToDouble(Probe::speed).max().orElse(0);
      left.removeIf(probe -> probe.speed() < HOPELESS * best);
      running = left;
    }
    return choose(probes);
  }

  private static Optional<Probe> choose(List<Probe> probes) {
    Optional<Probe> fastest =
        probes.stream()
            .filter(probe -> probe.speed() > 0)
            .max(Comparator.comparingDouble(Probe::speed));
    return fastest.map(
        it -> it.speed() > CLEARLY * probes.getFirst().speed() ? it : probes.getFirst());
  }
}
