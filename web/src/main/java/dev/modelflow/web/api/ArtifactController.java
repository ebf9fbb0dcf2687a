package dev.modelflow.web.api;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.modelflow.domain.ArtifactKind;
import dev.modelflow.read.ArtifactQueries;
import dev.modelflow.read.ArtifactView;
import dev.modelflow.read.Lineage;
import dev.modelflow.read.LineageQueries;
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
@Tag(name = "Artifacts")
class ArtifactController {
  private final ArtifactQueries artifacts;
  private final LineageQueries lineages;

  ArtifactController(ArtifactQueries artifacts, LineageQueries lineages) {
    this.artifacts = artifacts;
    this.lineages = lineages;
  }

  @GetMapping("/api/v1/artifacts/{id}")
  @Operation(summary = "An artifact with its files and where it came from")
  Artifact get(@PathVariable String id) {
    ArtifactView found = artifacts.find(id).orElseThrow(() -> NotFoundException.artifact(id));
    return new Artifact(found, artifacts.files(id));
  }

  @GetMapping("/api/v1/artifacts/{id}/lineage")
  @Operation(
      summary = "What an artifact was made from and what was made from it",
      description = "Breadth first. 'truncated' says that depth or budget cut something off.")
  LineageResource lineage(
      @PathVariable String id,
      @Parameter(description = "ancestors, descendants or both")
          @RequestParam(defaultValue = "both")
          String direction,
      @Parameter(description = "Most edges from the artifact, 1 to 50")
          @RequestParam(defaultValue = "10")
          int depth,
      @Parameter(description = "Most artifacts in the answer, 1 to 500")
          @RequestParam(defaultValue = "200")
          int budget) {
    return lineages
        .around(id, direction(direction), depth, budget)
        .map(LineageResource::of)
        .orElseThrow(() -> NotFoundException.artifact(id));
  }

  private static Lineage.Direction direction(String word) {
    return switch (word) {
      case "ancestors" -> Lineage.Direction.UP;
      case "descendants" -> Lineage.Direction.DOWN;
      case "both" -> Lineage.Direction.BOTH;
      default ->
          throw new IllegalArgumentException(
              "'" + word + "' is not one of: ancestors, descendants, both");
    };
  }

  /** An artifact with all of its files. */
  record Artifact(@JsonUnwrapped ArtifactView artifact, List<ArtifactView.File> files) {}

  /** The surroundings of an artifact. */
  record LineageResource(
      String artifact, boolean truncated, List<Node> nodes, List<Lineage.Edge> edges) {
    static LineageResource of(Lineage lineage) {
      return new LineageResource(
          lineage.focus(),
          lineage.truncated(),
          lineage.nodes().stream().map(Node::of).toList(),
          lineage.edges());
    }
  }

  /**
   * An artifact reached.
   *
   * @param depth edges from the artifact that was asked for; negative for ancestors
   * @param stage that made it
   */
  record Node(
      String id,
      ArtifactKind kind,
      int depth,
      @Nullable String run,
      @Nullable String stage,
      @Nullable String output,
      @Nullable Long step,
      long totalSize) {
    static Node of(Lineage.Node node) {
      ArtifactView artifact = node.artifact();
      return new Node(
          artifact.id(),
          artifact.kind(),
          node.distance(),
          artifact.maker() == null ? null : artifact.maker().run(),
          artifact.maker() == null ? null : artifact.maker().stage(),
          artifact.output(),
          artifact.step(),
          artifact.totalSize());
    }
  }
}
