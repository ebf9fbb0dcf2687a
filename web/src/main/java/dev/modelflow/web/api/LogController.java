package dev.modelflow.web.api;

import dev.modelflow.read.LogQueries;
import dev.modelflow.read.RunQueries;
import dev.modelflow.web.flow.NotFoundException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;

@ApiController
@Tag(name = "Runs")
class LogController {
  private final RunQueries runs;
  private final LogQueries logs;

  LogController(RunQueries runs, LogQueries logs) {
    this.runs = runs;
    this.logs = logs;
  }

  @GetMapping(value = "/api/v1/runs/{id}/stages/{stage}/log", produces = "text/plain;charset=UTF-8")
  @Operation(
      summary = "What an attempt at a stage said",
      description =
          "The newest lines, as far as they are kept: at most 2000 and 256 KiB. Where lines are"
              + " missing, a line in brackets says how many. A reused stage answers with the log of"
              + " the stage that did the work.")
  String log(
      @PathVariable String id,
      @Parameter(example = "pretrain") @PathVariable String stage,
      @Parameter(description = "The attempt's number; without, the last attempt")
          @RequestParam(required = false)
          @Nullable Integer attempt) {
    if (runs.find(id).isEmpty()) {
      throw NotFoundException.run(id);
    }
    @Nullable List<Integer> attempts = logs.attempts(id).get(stage);
    if (attempts == null) {
      throw new NotFoundException(
          "Run '%s' has no stage '%s' that a worker began".formatted(id, stage));
    }
    int chosen = attempt == null ? attempts.getLast() : attempt;
    if (!attempts.contains(chosen)) {
      throw new NotFoundException(
          "Stage '%s' has no attempt %d; it has %s".formatted(stage, chosen, attempts));
    }
    return logs.text(id, stage, chosen, Integer.MAX_VALUE);
  }
}
