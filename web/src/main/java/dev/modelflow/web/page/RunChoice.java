package dev.modelflow.web.page;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.web.util.UriComponentsBuilder;

/**
 * What is chosen on a run's page. A link to another curve keeps the log, and the other way round.
 *
 * @param stage of the curve
 * @param metric of the curve
 * @param log the stage of the log
 * @param attempt of the log
 */
record RunChoice(
    String run,
    @Nullable String stage,
    @Nullable String metric,
    @Nullable String log,
    @Nullable Integer attempt) {
  /** The address of the page with this curve; null for the metric that is shown without asking. */
  public String curve(String stage, @Nullable String metric) {
    return new RunChoice(run, stage, metric, log, attempt).address() + "#curve-title";
  }

  /** The address of the page with this log; null for the last attempt. */
  public String log(String stage, @Nullable Integer attempt) {
    return new RunChoice(run, this.stage, metric, stage, attempt).address() + "#logs-title";
  }

  private String address() {
    return UriComponentsBuilder.fromPath("/runs/{run}")
        .queryParamIfPresent("stage", Optional.ofNullable(stage))
        .queryParamIfPresent("metric", Optional.ofNullable(metric))
        .queryParamIfPresent("log", Optional.ofNullable(log))
        .queryParamIfPresent("attempt", Optional.ofNullable(attempt))
        .encode()
        .buildAndExpand(run)
        .toUriString();
  }
}
