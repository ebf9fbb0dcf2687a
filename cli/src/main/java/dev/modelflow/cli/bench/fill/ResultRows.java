package dev.modelflow.cli.bench.fill;

import dev.modelflow.cli.bench.fill.Made.Point;
import dev.modelflow.domain.ManifestFile;
import dev.modelflow.domain.StagePlan;
import dev.modelflow.ledger.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Writes what stages made: artifacts, checkpoints, outputs, edges. */
final class ResultRows {
  private final LedgerCopy copy;
  private final Consumer<Artifact> upload;

  /** Rows go to {@code copy}; artifacts whose objects are wanted too, to {@code upload}. */
  ResultRows(LedgerCopy copy, Consumer<Artifact> upload) {
    this.copy = copy;
    this.upload = upload;
  }

  /**
   * What one stage is to make.
   *
   * @param sources role → artifact that it reads
   * @param points how many checkpoints it writes; 0 for a stage that does not train
   * @param whole whether the objects are wanted too
   */
  record Work(
      RunPlan run,
      StagePlan stage,
      long stageId,
      long attemptId,
      Map<String, String> sources,
      int points,
      boolean whole,
      Instant at) {}

  /** Writes the rows of a stage that succeeded. */
  Made make(Work work, Iterable<String> outputs) {
    Map<String, String> made = new LinkedHashMap<>();
    List<Point> points = checkpoints(work);
    for (String name : outputs) {
      Artifact artifact =
          Artifact.output(work.run().id(), work.stage().name(), work.stage().kind(), name);
      made.put(name, artifact(work, artifact));
    }
    if (!points.isEmpty()) {
      made.put("checkpoint", points.getLast().artifact());
    }
    made.forEach((name, id) -> copy.row(Table.STAGE_OUTPUT, work.stageId(), name, id));
    return new Made(work.stageId(), made, points);
  }

  /** Evenly between the beginning and the last step, which is always one. */
  private List<Point> checkpoints(Work work) {
    long steps = Family.steps(work.stage());
    List<Point> points = new ArrayList<>();
    for (int i = 1; i <= work.points(); i++) {
      long step = steps * i / work.points();
      String id = artifact(work, Artifact.checkpoint(work.run().id(), work.stage().name(), step));
      checkpoint(work.stageId(), new Point(step, id, work.attemptId()), step == steps, work.at());
      points.add(new Point(step, id, work.attemptId()));
    }
    return points;
  }

  private void checkpoint(long stageId, Point point, boolean last, Instant at) {
    copy.row(
        Table.CHECKPOINT,
        stageId,
        point.step(),
        point.step() * 1024,
        point.artifact(),
        point.attempt(),
        last,
        at);
  }

  private String artifact(Work work, Artifact artifact) {
    String id = artifact.manifest().id().hex();
    copy.row(
        Table.ARTIFACT,
        id,
        artifact.manifest().kind().word(),
        artifact.manifest().canonicalJson(),
        artifact.manifest().totalSize(),
        artifact.manifest().files().size(),
        Json.write(artifact.manifest().properties()),
        work.at());
    for (ManifestFile file : artifact.manifest().files()) {
      copy.row(Table.ARTIFACT_FILE, id, file.path(), file.size(), file.sha256().hex());
    }
    work.sources()
        .forEach((role, source) -> copy.row(Table.EDGE, source, id, role, work.stageId()));
    if (work.whole()) {
      upload.accept(artifact);
    }
    return id;
  }

  /** Writes the rows of a stage for which {@code original} stands in. */
  Made reuse(long stageId, Made original, Instant at) {
    original.outputs().forEach((name, id) -> copy.row(Table.STAGE_OUTPUT, stageId, name, id));
    for (Point point : original.checkpoints()) {
      checkpoint(stageId, point, point.equals(original.checkpoints().getLast()), at);
    }
    return new Made(original.stage(), original.outputs(), original.checkpoints());
  }
}
