package dev.modelflow.read;

import static dev.modelflow.read.SampleRows.STAGE;

import dev.modelflow.domain.CanonicalJson;
import dev.modelflow.domain.Manifest;
import dev.modelflow.domain.ManifestFile;
import dev.modelflow.domain.StageInput;
import dev.modelflow.domain.StagePlan;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Writes what the stages of the sample made and measured. */
final class SampleResults {
  private static final List<String> TRAINING =
      List.of("pretrain", "midtrain", "long-context", "sft", "dpo", "rlvr");

  private final SampleRows rows;
  private final Random random = new Random(7);

  SampleResults(SampleRows rows) {
    this.rows = rows;
  }

  /** Metrics and checkpoints of the steps {@code from} to {@code to} of a training stage. */
  void train(String run, StagePlan stage, long from, long to) {
    long total = SampleArtifacts.steps(stage);
    int order = TRAINING.indexOf(stage.name());
    rows.update(
        """
        update stage set current_step = ?, total_steps = ?, tokens_per_second = ?
        where run_id = ? and name = ?
        """,
        to,
        total,
        13_400.0 + random.nextInt(900),
        run,
        stage.name());
    for (long step = from + 1; step <= to; step += Math.max(1, total / 240)) {
      double part = (double) step / total;
      double start = order == 0 ? 7.6 : 3.1 - 0.3 * order;
      double floor = 2.6 - 0.25 * order;
      double noise = 0.05 * random.nextGaussian();
      metric(run, stage, "loss", step, floor + (start - floor) * Math.exp(-5 * part) + noise);
      metric(run, stage, "learningRate", step, 0.003 * (1 - 0.9 * part));
      metric(run, stage, "gradientNorm", step, 0.8 + 0.2 * random.nextDouble());
      if (stage.name().equals("rlvr")) {
        metric(run, stage, "reward", step, 0.42 + 0.3 * part + noise / 2);
      }
    }
    long every = Math.max(20, total / 6);
    for (long step = from + every; step < to; step += every) {
      checkpoint(run, stage, step, false);
    }
    if (to == total) {
      checkpoint(run, stage, to, true);
      put(run, stage, "checkpoint", SampleArtifacts.checkpoint(run, stage.name(), to));
    }
  }

  private void metric(String run, StagePlan stage, String name, long step, double value) {
    rows.update(
        "insert into metric (stage_id, name, step, value) values (" + STAGE + ", ?, ?, ?)",
        run,
        stage.name(),
        name,
        step,
        value);
  }

  private void checkpoint(String run, StagePlan stage, long step, boolean last) {
    Manifest manifest = SampleArtifacts.checkpoint(run, stage.name(), step);
    insert(manifest);
    rows.update(
        """
        insert into checkpoint (stage_id, step, tokens, artifact_id, attempt_id, final)
        select stage.id, ?, ?, ?, max(attempt.id), ? from stage
        join attempt on attempt.stage_id = stage.id
        where stage.run_id = ? and stage.name = ? group by stage.id
        """,
        step,
        step * 1024,
        manifest.id().hex(),
        last,
        run,
        stage.name());
    edges(run, stage, manifest);
  }

  void output(String run, StagePlan stage, String name) {
    Manifest manifest = SampleArtifacts.output(name);
    insert(manifest);
    edges(run, stage, manifest);
    put(run, stage, name, manifest);
  }

  private void put(String run, StagePlan stage, String name, Manifest manifest) {
    rows.update(
        "insert into stage_output (stage_id, name, artifact_id) values (" + STAGE + ", ?, ?)",
        run,
        stage.name(),
        name,
        manifest.id().hex());
  }

  /** From every input of the stage to what it made. */
  private void edges(String run, StagePlan stage, Manifest made) {
    stage
        .inputs()
        .forEach(
            (role, input) ->
                rows.update(
                    """
                    insert into edge (src, dst, role, stage_id)
                    select artifact.id, ?, ?, %s from artifact where artifact.id = ?
                    """
                        .formatted(STAGE),
                    made.id().hex(),
                    role,
                    run,
                    stage.name(),
                    source(input).id().hex()));
  }

  private static Manifest source(StageInput input) {
    if (!input.output().equals("checkpoint")) {
      return SampleArtifacts.output(input.output());
    }
    Map<String, Long> last =
        Map.of("pretrain", 1200L, "midtrain", 400L, "long-context", 300L, "sft", 180L, "dpo", 90L);
    long step = input.step() == null ? last.getOrDefault(input.stage(), 60L) : input.step();
    return SampleArtifacts.checkpoint(SampleLedger.DONE, input.stage(), step);
  }

  void evaluate(String run, StagePlan stage) {
    StageInput input = stage.inputs().get("checkpoint");
    if (input == null) {
      throw new IllegalStateException("An evaluation reads a checkpoint");
    }
    int order = TRAINING.indexOf(input.stage());
    String of = source(input).id().hex();
    double[] bits = {2.284, 2.251, 2.262, 2.297, 2.301, 2.31};
    double[] maths = {0.06, 0.41, 0.43, 0.52, 0.535, 0.682};
    double[] needle = {0.61, 0.6, 0.71, 0.7, 0.7, 0.69};
    double[] far = {0.04, 0.05, 0.58, 0.56, 0.57, 0.55};
    evaluation(run, stage, of, "held-out text", "bits per byte", bits[order], 0.009, 60_000);
    evaluation(run, stage, of, "maths", "accuracy", maths[order], 0.023, 400);
    evaluation(run, stage, of, "needle, old context", "accuracy", needle[order], 0.046, 100);
    evaluation(run, stage, of, "needle, new context", "accuracy", far[order], 0.049, 100);
  }

  private void evaluation(
      String run,
      StagePlan stage,
      String checkpoint,
      String task,
      String metric,
      double value,
      double error,
      int samples) {
    rows.update(
        """
        insert into evaluation (stage_id, checkpoint_id, task, metric, value, standard_error,
          samples, higher_is_better)
        values (%s, ?, ?, ?, ?, ?, ?, ?)
        """
            .formatted(STAGE),
        run,
        stage.name(),
        checkpoint,
        task,
        metric,
        value,
        error,
        samples,
        metric.equals("accuracy"));
  }

  private void insert(Manifest manifest) {
    String id = manifest.id().hex();
    rows.update(
        """
        insert into artifact (id, kind, manifest, total_size, file_count, properties)
        values (?, ?, ?, ?, ?, ?::jsonb) on conflict do nothing
        """,
        id,
        manifest.kind().word(),
        manifest.canonicalJson(),
        manifest.totalSize(),
        manifest.files().size(),
        CanonicalJson.write(manifest.properties()));
    for (ManifestFile file : manifest.files()) {
      rows.update(
          """
          insert into artifact_file (artifact_id, path, size, sha256) values (?, ?, ?, ?)
          on conflict do nothing
          """,
          id,
          file.path(),
          file.size(),
          file.sha256().hex());
    }
  }
}
