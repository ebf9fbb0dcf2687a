package dev.modelflow.web.api;

import dev.modelflow.domain.RunStatus;
import dev.modelflow.read.PoolQueries;
import dev.modelflow.read.PoolView;
import dev.modelflow.read.RunQueries;
import dev.modelflow.web.config.WebConfig;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.springframework.web.bind.annotation.GetMapping;

@ApiController
@Tag(name = "Platform")
class StatusController {
  private static final Duration SILENT = Duration.ofMinutes(1);

  private final RunQueries runs;
  private final PoolQueries pools;
  private final WebConfig config;
  private final Clock clock;

  StatusController(RunQueries runs, PoolQueries pools, WebConfig config, Clock clock) {
    this.runs = runs;
    this.pools = pools;
    this.config = config;
    this.clock = clock;
  }

  @GetMapping("/api/v1/status")
  @Operation(summary = "Whether the platform answers, and how much it has to do")
  Status status() {
    Instant since = clock.instant().minus(SILENT);
    long alive =
        pools.all().stream()
            .flatMap(pool -> pool.workers().stream())
            .filter(worker -> worker.lastHeardAt().isAfter(since))
            .count();
    return new Status("up", config.project(), runs.counts(config.project()), alive);
  }

  @GetMapping("/api/v1/pools")
  @Operation(summary = "Pools, their workers and what each does")
  List<PoolView> pools() {
    return pools.all();
  }

  /**
   * How the platform stands.
   *
   * @param status {@code up}
   * @param runs number of runs by status; a status without runs is absent
   * @param workersAlive workers heard within the last minute
   */
  record Status(String status, String project, Map<RunStatus, Long> runs, long workersAlive) {}
}
