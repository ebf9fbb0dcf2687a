package dev.modelflow.web.api;

import dev.modelflow.domain.RunStatus;
import dev.modelflow.domain.WorkerState;
import dev.modelflow.read.PoolQueries;
import dev.modelflow.read.PoolView;
import dev.modelflow.read.RunQueries;
import dev.modelflow.read.WorkerQueries;
import dev.modelflow.read.WorkerView;
import dev.modelflow.web.config.WebConfig;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import java.util.Map;
import org.springframework.web.bind.annotation.GetMapping;

@ApiController
@Tag(name = "Platform")
class StatusController {
  private final RunQueries runs;
  private final PoolQueries pools;
  private final WorkerQueries workers;
  private final WebConfig config;

  StatusController(RunQueries runs, PoolQueries pools, WorkerQueries workers, WebConfig config) {
    this.runs = runs;
    this.pools = pools;
    this.workers = workers;
    this.config = config;
  }

  @GetMapping("/api/v1/status")
  @Operation(summary = "Whether the platform answers, and how much it has to do")
  Status status() {
    long alive =
        workers.all().stream()
            .map(WorkerView::state)
            .filter(state -> state != WorkerState.LOST && state != WorkerState.ENDED)
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
   * @param workersAlive workers that are neither lost nor ended
   */
  record Status(String status, String project, Map<RunStatus, Long> runs, long workersAlive) {}
}
