package dev.modelflow.web.api;

import dev.modelflow.domain.RunStatus;
import dev.modelflow.read.CheckpointQueries;
import dev.modelflow.read.CheckpointView;
import dev.modelflow.read.Cursor;
import dev.modelflow.read.MetricPoint;
import dev.modelflow.read.MetricQueries;
import dev.modelflow.read.RunDetail;
import dev.modelflow.read.RunPage;
import dev.modelflow.read.RunQueries;
import dev.modelflow.read.StageQueries;
import dev.modelflow.web.config.WebConfig;
import dev.modelflow.web.flow.NotFoundException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;

@ApiController
@Tag(name = "Runs")
class RunController {
  private final RunQueries runs;
  private final StageQueries stages;
  private final MetricQueries metrics;
  private final CheckpointQueries checkpoints;
  private final WebConfig config;

  RunController(
      RunQueries runs,
      StageQueries stages,
      MetricQueries metrics,
      CheckpointQueries checkpoints,
      WebConfig config) {
    this.runs = runs;
    this.stages = stages;
    this.metrics = metrics;
    this.checkpoints = checkpoints;
    this.config = config;
  }

  @GetMapping("/api/v1/runs")
  @Operation(summary = "Runs, newest first, page by page")
  RunPage list(
      @Parameter(description = "Only runs that stand so", example = "running")
          @RequestParam(required = false)
          @Nullable String status,
      @Parameter(description = "The field 'next' of the page before")
          @RequestParam(required = false)
          @Nullable String cursor,
      @Parameter(description = "Runs on the page, 1 to 200") @RequestParam(defaultValue = "50")
          int limit) {
    return runs.page(
        config.project(),
        status == null ? null : RunStatus.of(status),
        cursor == null ? null : Cursor.parse(cursor),
        limit);
  }

  @GetMapping("/api/v1/runs/{id}")
  @Operation(summary = "A run with its stages, evaluations and outputs")
  RunResource get(@PathVariable String id) {
    RunDetail run = find(id);
    return new RunResource(
        run.summary(),
        run.branchCheckpoint(),
        run.overrides(),
        run.recipeDigest(),
        run.recipeSource(),
        run.failureClass(),
        run.failureMessage(),
        stages.ofRun(id),
        stages.attempts(id),
        stages.evaluations(id),
        stages.outputs(id));
  }

  @GetMapping("/api/v1/runs/{id}/checkpoints")
  @Operation(summary = "The checkpoints of a run, those of the stages that it reuses included")
  List<CheckpointView> checkpoints(@PathVariable String id) {
    find(id);
    return checkpoints.ofRun(id);
  }

  @GetMapping("/api/v1/runs/{id}/metrics")
  @Operation(
      summary = "One metric's points, or the names of all metrics",
      description =
          "With 'stage' and 'name': the points behind step 'after', thinned evenly to 'limit'."
              + " Without: each stage's metric names and no points.")
  Metrics metrics(
      @PathVariable String id,
      @Parameter(example = "pretrain") @RequestParam(required = false) @Nullable String stage,
      @Parameter(example = "loss") @RequestParam(required = false) @Nullable String name,
      @RequestParam(defaultValue = "-1") long after,
      @Parameter(description = "2 to 2000") @RequestParam(defaultValue = "1000") int limit) {
    find(id);
    if (stage == null || name == null) {
      return new Metrics(metrics.names(id), List.of());
    }
    return new Metrics(Map.of(), metrics.series(id, stage, name, after, limit));
  }

  private RunDetail find(String id) {
    return runs.find(id).orElseThrow(() -> NotFoundException.run(id));
  }

  /**
   * Numbers that stages reported.
   *
   * @param names stage → names of its metrics; empty when points were asked for
   * @param points of the metric that was asked for, in order of steps
   */
  record Metrics(Map<String, List<String>> names, List<MetricPoint> points) {}
}
