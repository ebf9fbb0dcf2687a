package dev.modelflow.engine.stage;

import dev.modelflow.audit.ArtifactAudit;
import dev.modelflow.domain.ArtifactKind;
import dev.modelflow.domain.Digest;
import dev.modelflow.engine.checkpoint.CheckpointFolder;
import dev.modelflow.release.ReleaseStage;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A checkpoint that no stage made, as the stage {@code release} publishes it. */
public final class ToyRelease {
  private ToyRelease() {}

  /** In bf16 and in several files, as a folder in {@code output}. */
  public static CheckpointFolder rounded(
      CheckpointFolder checkpoint, long shardBytes, Path output) {
    Map<String, Object> parameters =
        Map.of("title", "Toy", "licence", "CC0-1.0", "dtype", "bf16", "shardBytes", shardBytes);
    ArtifactAudit audit =
        new ArtifactAudit(
            Digest.of("toy"),
            ArtifactKind.CHECKPOINT.word(),
            0,
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of());
    ReleaseStage.run(parameters, checkpoint.path(), audit, output);
    return new CheckpointFolder(output.resolve("release"));
  }
}
