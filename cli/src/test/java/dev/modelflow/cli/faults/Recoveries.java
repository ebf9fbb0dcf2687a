package dev.modelflow.cli.faults;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** How long after a fault an attempt of its run was heard of again, by kind. */
final class Recoveries {
  private final List<Disturbances.Healed> waiting = new ArrayList<>();
  private final Map<FaultKind, List<Duration>> times = new EnumMap<>(FaultKind.class);

  /** These faults are over. */
  void healed(List<Disturbances.Healed> faults) {
    waiting.addAll(faults);
  }

  /** The run was seen so. */
  void see(Observation run) {
    Instant now = Instant.now();
    waiting.removeIf(
        fault -> {
          boolean back = run.heard().isAfter(fault.at());
          if (back || run.isOver()) {
            times
                .computeIfAbsent(fault.kind(), any -> new ArrayList<>())
                .add(back ? Duration.between(fault.at(), now) : Duration.ZERO);
          }
          return back || run.isOver();
        });
  }

  /** The times of a kind, shortest first. */
  List<Duration> of(FaultKind kind) {
    return times.getOrDefault(kind, List.of()).stream().sorted().toList();
  }
}
