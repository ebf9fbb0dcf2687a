package dev.modelflow.read;

import dev.modelflow.domain.ArtifactKind;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * An artifact and where it came from first.
 *
 * @param totalSize in bytes
 * @param properties facts that readers need without opening a file
 * @param maker the stage that made it; null when none is recorded
 * @param makerRun the name of that stage's run
 * @param output the name under which that stage gave it out; null for a checkpoint inside a stage
 * @param step of a checkpoint
 */
public record ArtifactView(
    String id,
    ArtifactKind kind,
    long totalSize,
    int fileCount,
    JsonNode properties,
    Instant createdAt,
    @Nullable StageRef maker,
    @Nullable String makerRun,
    @Nullable String output,
    @Nullable Long step) {

  /**
   * One file of an artifact.
   *
   * @param path relative, with forward slashes
   * @param size in bytes
   * @param sha256 of its bytes, also the name of the object that holds them
   */
  public record File(String path, long size, String sha256) {}

  /** An artifact with all of its files. */
  public record WithFiles(ArtifactView artifact, List<File> files) {}
}
