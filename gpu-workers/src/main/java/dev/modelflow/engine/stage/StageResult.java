package dev.modelflow.engine.stage;

import dev.modelflow.domain.ArtifactKind;
import java.nio.file.Path;
import java.util.Map;

/** How a stage ended. */
public sealed interface StageResult {
  /** All work is done; the folders are its outputs. */
  record Done(Map<String, Output> outputs) implements StageResult {}

  /**
   * It stopped after this step because it was asked to; a training stage announced the checkpoint
   * of this step before, unless it is the one that it began after.
   */
  record Stopped(int step) implements StageResult {}

  /** A folder to keep and what to know about it. */
  record Output(ArtifactKind kind, Path path, Map<String, Object> properties) {}
}
