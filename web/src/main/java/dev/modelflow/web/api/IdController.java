package dev.modelflow.web.api;

import dev.modelflow.read.IdQueries;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;

@ApiController
@Tag(name = "Ids")
class IdController {
  private final IdQueries ids;

  IdController(IdQueries ids) {
    this.ids = ids;
  }

  @GetMapping("/api/v1/ids/{beginning}")
  @Operation(
      summary = "The runs and artifacts whose ids begin so",
      description = "At most ten of each, newest first. Every other path takes whole ids only.")
  Ids get(@PathVariable String beginning) {
    return new Ids(ids.runs(beginning), ids.artifacts(beginning));
  }

  /** What a shortened id may stand for. */
  record Ids(List<String> runs, List<String> artifacts) {}
}
