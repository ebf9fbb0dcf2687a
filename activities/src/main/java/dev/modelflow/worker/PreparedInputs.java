package dev.modelflow.worker;

import dev.modelflow.domain.Digest;
import dev.modelflow.domain.Manifest;
import dev.modelflow.ledger.Checkpoint;
import dev.modelflow.ledger.Ledger;
import dev.modelflow.ledger.Stage;
import dev.modelflow.objects.ArtifactCache;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What an attempt reads, laid out as folders.
 *
 * @param digests role → artifact; includes the checkpoint that a branched stage starts at, as
 *     {@code branch}
 * @param manifests role → what the artifact consists of
 * @param folders role → its files
 * @param resume the stage's own checkpoint to continue from
 */
record PreparedInputs(
    Map<String, Digest> digests,
    Map<String, Manifest> manifests,
    Map<String, Path> folders,
    Optional<ResumePoint> resume) {
  /** Fetches everything that {@code stage} reads into {@code folder}. */
  static PreparedInputs fetch(Ledger ledger, ArtifactCache cache, Stage stage, Path folder) {
    Map<String, Digest> inputs = ledger.stages().inputs(stage);
    Map<String, Manifest> manifests = new LinkedHashMap<>();
    Map<String, Path> folders = new LinkedHashMap<>();
    inputs.forEach(
        (role, artifact) -> {
          Manifest manifest = ledger.artifacts().get(artifact);
          Path target = folder.resolve(role);
          cache.materialise(manifest, target);
          manifests.put(role, manifest);
          folders.put(role, target);
        });
    Optional<ResumePoint> resume =
        newest(ledger, stage)
            .map(
                checkpoint -> {
                  Path target = folder.resolve("resume");
                  cache.materialise(ledger.artifacts().get(checkpoint.artifact()), target);
                  return new ResumePoint(target, checkpoint.step());
                });
    Map<String, Digest> sources = new LinkedHashMap<>(inputs);
    @Nullable Digest start = stage.startCheckpoint();
    if (start != null) {
      sources.put("branch", start);
    }
    return new PreparedInputs(sources, manifests, folders, resume);
  }

  /** Role → artifact of what the recipe says that it reads. */
  Map<String, Digest> read() {
    Map<String, Digest> read = new LinkedHashMap<>(digests);
    read.keySet().retainAll(manifests.keySet());
    return read;
  }

  private static Optional<Checkpoint> newest(Ledger ledger, Stage stage) {
    List<Checkpoint> own = ledger.stages().checkpoints(stage.id());
    if (!own.isEmpty()) {
      return Optional.of(own.getLast());
    }
    @Nullable Digest start = stage.startCheckpoint();
    @Nullable Long step = stage.startStep();
    return start == null || step == null
        ? Optional.empty()
        : Optional.of(new Checkpoint(step, 0, start));
  }
}
