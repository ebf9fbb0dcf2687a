package dev.modelflow.cli.doctor;

import dev.modelflow.worker.EngineFault;
import dev.modelflow.worker.EngineProbe;
import dev.modelflow.worker.TemporalConfig;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Temporal: its namespace, its search attributes, and who takes tasks from its queues. */
final class EngineChecks {
  private EngineChecks() {}

  static List<Check> of(TemporalConfig config, List<String> pools) {
    EngineProbe probe;
    try {
      probe = EngineProbe.of(config, pools);
    } catch (StatusRuntimeException failure) {
      String name =
          failure.getStatus().getCode() == Status.Code.NOT_FOUND ? "namespace" : "temporal";
      return List.of(Check.wrong(name, EngineFault.explain(failure, config)));
    }
    List<Check> checks = new ArrayList<>();
    checks.add(Check.ok("temporal", "Temporal answers at " + config.address()));
    checks.add(namespace(probe, config));
    checks.add(search(probe));
    probe.idle().ifPresent(idle -> checks.add(queues(idle)));
    return checks;
  }

  private static Check namespace(EngineProbe probe, TemporalConfig config) {
    Duration kept = probe.retention().orElse(config.retention());
    String message =
        "Namespace '%s' keeps histories for %d days".formatted(config.namespace(), kept.toDays());
    if (probe.retention().isEmpty()) {
      return Check.ok("namespace", "Namespace '%s' is there".formatted(config.namespace()));
    }
    return kept.equals(config.retention())
        ? Check.ok("namespace", message)
        : Check.warning(
            "namespace",
            "%s, not %d as MODELFLOW_TEMPORAL_RETENTION_DAYS says; restart web, or set it there"
                .formatted(message, config.retention().toDays()));
  }

  private static Check search(EngineProbe probe) {
    return probe
        .unsearchable()
        .map(
            why ->
                Check.warning(
                    "search attributes",
                    "Temporal's pages cannot find runs by their ids: %s; start web, or add them with: temporal operator search-attribute create"
                        .formatted(why)))
        .orElseGet(() -> Check.ok("search attributes", "Workflows carry search attributes"));
  }

  private static Check queues(List<String> idle) {
    return idle.isEmpty()
        ? Check.ok("queues", "Workers take tasks from every queue")
        : Check.wrong(
            "queues",
            "No worker takes tasks from queue '%s'; start one, or look into its log"
                .formatted(String.join("', '", idle)));
  }
}
