package dev.modelflow.web.api;

import dev.modelflow.run.RunRequest;
import dev.modelflow.web.flow.FlowPreview;
import dev.modelflow.web.flow.Flows;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.ResponseStatus;

@ApiController
@Tag(name = "Actions")
class ActionController {
  private final Flows flows;
  private final Once once;

  ActionController(Flows flows, Once once) {
    this.flows = flows;
    this.once = once;
  }

  @PostMapping("/api/v1/plan")
  @Operation(
      summary = "What a recipe would do, what it costs and what would be reused; starts nothing")
  FlowPreview plan(@RequestBody RecipeBody body) {
    return flows.plan(body.text(), orEmpty(body.overrides()));
  }

  @PostMapping("/api/v1/runs")
  @ResponseStatus(HttpStatus.CREATED)
  @Operation(summary = "Start a run of a recipe")
  @ApiResponse(
      responseCode = "201",
      content = @Content(schema = @Schema(implementation = Started.class)))
  ResponseEntity<String> start(@RequestBody RecipeBody body, HttpServletRequest request) {
    return submit(
        request, () -> new RunRequest.New(body.text(), orEmpty(body.overrides())), body.name());
  }

  @PostMapping("/api/v1/runs/{id}/branch")
  @ResponseStatus(HttpStatus.CREATED)
  @Operation(summary = "Start a run that continues from a checkpoint of this one")
  @ApiResponse(
      responseCode = "201",
      content = @Content(schema = @Schema(implementation = Started.class)))
  ResponseEntity<String> branch(
      @PathVariable String id, @RequestBody BranchBody body, HttpServletRequest request) {
    return submit(request, () -> body.of(id, flows), body.name());
  }

  @PostMapping("/api/v1/runs/{id}/branch/preview")
  @Operation(summary = "What a branch would reuse, continue and run; starts nothing")
  FlowPreview previewBranch(@PathVariable String id, @RequestBody BranchBody body) {
    return flows.preview(body.of(id, flows));
  }

  @PostMapping("/api/v1/runs/{id}/rerun")
  @ResponseStatus(HttpStatus.CREATED)
  @Operation(summary = "Start a run that does this one again from a stage on")
  @ApiResponse(
      responseCode = "201",
      content = @Content(schema = @Schema(implementation = Started.class)))
  ResponseEntity<String> rerun(
      @PathVariable String id, @RequestBody RerunBody body, HttpServletRequest request) {
    return submit(request, () -> body.of(id, flows), body.name());
  }

  @PostMapping("/api/v1/runs/{id}/rerun/preview")
  @Operation(summary = "What a rerun would reuse and run; starts nothing")
  FlowPreview previewRerun(@PathVariable String id, @RequestBody RerunBody body) {
    return flows.preview(body.of(id, flows));
  }

  @PostMapping("/api/v1/runs/{id}/cancel")
  @Operation(summary = "Ask a run to stop; trainers write a last checkpoint")
  @ApiResponse(
      responseCode = "200",
      content = @Content(schema = @Schema(implementation = Cancelled.class)))
  ResponseEntity<String> cancel(@PathVariable String id, HttpServletRequest request) {
    return once.answer(
        request, HttpStatus.OK, () -> new Cancelled(id, flows.cancel(id, Once.actor(request))));
  }

  private ResponseEntity<String> submit(
      HttpServletRequest request, Supplier<RunRequest> wanted, @Nullable String name) {
    return once.answer(
        request,
        HttpStatus.CREATED,
        () -> new Started(flows.submit(wanted.get(), name, Once.actor(request))));
  }

  private static Map<String, @Nullable Object> orEmpty(
      @Nullable Map<String, @Nullable Object> overrides) {
    return overrides == null ? Map.of() : overrides;
  }

  private static String required(@Nullable String value, String key, String meaning) {
    if (value == null || value.isBlank()) {
      throw new IllegalArgumentException(
          "The body has no '%s'; it must hold %s".formatted(key, meaning));
    }
    return value;
  }

  /**
   * A recipe to plan or run.
   *
   * @param recipe its YAML
   * @param name of the run; the recipe's name where absent
   * @param overrides dotted path → new value
   */
  record RecipeBody(
      @Schema(requiredMode = Schema.RequiredMode.REQUIRED) @Nullable String recipe,
      @Nullable String name,
      @Nullable Map<String, @Nullable Object> overrides) {
    String text() {
      return required(recipe, "recipe", "the recipe's YAML as a text");
    }
  }

  /**
   * Where to branch, and what shall differ.
   *
   * @param checkpoint {@code stage@step}, a stage's name for its last checkpoint, or an artifact's
   *     id
   */
  record BranchBody(
      @Schema(requiredMode = Schema.RequiredMode.REQUIRED) @Nullable String checkpoint,
      @Nullable String name,
      @Nullable Map<String, @Nullable Object> overrides) {
    RunRequest of(String run, Flows flows) {
      String point = required(checkpoint, "checkpoint", "'stage@step' or a checkpoint's id");
      return flows.branch(run, point, orEmpty(overrides));
    }
  }

  /**
   * From where to run again, and what shall differ.
   *
   * @param from the first stage that runs again
   */
  record RerunBody(
      @Schema(requiredMode = Schema.RequiredMode.REQUIRED) @Nullable String from,
      @Nullable String name,
      @Nullable Map<String, @Nullable Object> overrides) {
    RunRequest of(String run, Flows flows) {
      return flows.rerun(run, required(from, "from", "the name of a stage"), orEmpty(overrides));
    }
  }

  /** A run that was recorded and will be started. */
  record Started(String id) {}

  /**
   * Whether a run was asked to stop.
   *
   * @param accepted false when it had ended or was asked before
   */
  record Cancelled(String id, boolean accepted) {}
}
