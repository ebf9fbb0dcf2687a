package dev.modelflow.read;

import dev.modelflow.domain.CanonicalJson;
import dev.modelflow.domain.FlowPlan;
import dev.modelflow.domain.Manifest;
import dev.modelflow.domain.ManifestFile;
import dev.modelflow.domain.StageInput;
import dev.modelflow.domain.StagePlan;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Writes the rows of the sample; moments are given in seconds ago, -1 for never. */
final class SampleRows {
  private static final String STAGE = "(select id from stage where run_id = ? and name = ?)";
  private static final List<String> TRAINING =
      List.of("pretrain", "midtrain", "long-context", "sft", "dpo", "rlvr");

  private final JdbcClient db;
  private final Instant now;
  private final Random random = new Random(7);

  SampleRows(JdbcClient db, Instant now) {
    this.db = db;
    this.now = now;
  }

  void recipe(FlowPlan plan) {
    update(
        "insert into recipe (digest, name, canonical, source) values (?, ?, ?::jsonb, ?)",
        plan.recipeDigest().hex(),
        plan.name(),
        CanonicalJson.write(plan.canonical()),
        plan.source());
  }

  void worker(
      String id, String pool, long pid, int threads, @Nullable String doing, int silentFor) {
    update(
        """
        insert into worker (id, pool, host, pid, devices, kinds, started_at, last_heard_at, doing)
        values (?, ?, 'workbench', ?, ?::jsonb, '{"pretrain": "0.1.0"}'::jsonb, ?, ?, ?)
        """,
        id,
        pool,
        pid,
        "[{\"kind\": \"cpu\", \"threads\": " + threads + "}]",
        at(14_400),
        at(silentFor),
        doing);
  }

  void run(
      FlowPlan plan,
      String id,
      String name,
      String status,
      int created,
      int started,
      int finished,
      int done) {
    update(
        """
        insert into run (id, project_id, name, recipe_digest, status, created_by, created_at,
          started_at, finished_at, stages_total, stages_done, model)
        values (?, 'default', ?, ?, ?, 'operator', ?, ?, ?, ?, ?, ?::jsonb)
        """,
        id,
        name,
        plan.recipeDigest().hex(),
        status,
        at(created),
        at(started),
        at(finished),
        plan.stages().size(),
        done,
        CanonicalJson.write(plan.model()));
  }

  void origin(String run, String parent, String stage, long step, String checkpoint) {
    update(
        """
        update run set parent_run = ?, branch_stage = ?, branch_step = ?, branch_checkpoint = ?,
          overrides = '{"midtrain.learningRate": 0.0005, "midtrain.steps": 400}'::jsonb
        where id = ?
        """,
        parent,
        stage,
        step,
        checkpoint,
        run);
  }

  void stage(String run, FlowPlan plan, StagePlan stage, String status, int started, int finished) {
    insertStage(run, plan, stage, status, null, started, finished);
    if (started >= 0) {
      String ended = status.equals("cancelled") ? "cancelled" : status;
      attempt(run, stage.name(), 2, ended, stage.pool() + "-1", started, finished, null, null);
    }
  }

  void reused(String run, FlowPlan plan, StagePlan stage, String original, int moment) {
    insertStage(run, plan, stage, "reused", original, moment, moment);
  }

  private void insertStage(
      String run,
      FlowPlan plan,
      StagePlan stage,
      String status,
      @Nullable String original,
      int started,
      int finished) {
    update(
        """
        insert into stage (run_id, name, kind, position, pool, seed, parameters, inputs, status,
          reused_from, started_at, finished_at, code_version, epoch)
        values (?, ?, ?, ?, ?, ?, ?::jsonb, ?::jsonb, ?, %s, ?, ?, '0.1.0', ?)
        """
            .formatted(STAGE),
        run,
        stage.name(),
        stage.kind().word(),
        plan.stages().indexOf(stage),
        stage.pool(),
        stage.seed(),
        CanonicalJson.write(stage.parameters()),
        CanonicalJson.write(inputs(stage)),
        status,
        original,
        stage.name(),
        at(started),
        at(finished),
        started < 0 ? 0 : 2);
  }

  private static Map<String, Object> inputs(StagePlan stage) {
    Map<String, Object> inputs = new LinkedHashMap<>();
    stage
        .inputs()
        .forEach(
            (role, input) -> {
              Map<String, @Nullable Object> source = new LinkedHashMap<>();
              source.put("stage", input.stage());
              source.put("output", input.output());
              source.put("step", input.step());
              inputs.put(role, source);
            });
    return inputs;
  }

  void continues(String run, StagePlan stage, String checkpoint, long step) {
    update(
        "update stage set start_checkpoint = ?, start_step = ? where run_id = ? and name = ?",
        checkpoint,
        step,
        run,
        stage.name());
  }

  void failure(String run, String stage, String failureClass, String message) {
    update(
        "update run set failure_class = ?, failure_message = ? where id = ?",
        failureClass,
        message,
        run);
    update(
        "update stage set failure_class = ?, failure_message = ? where run_id = ? and name = ?",
        failureClass,
        message,
        run,
        stage);
  }

  void lostAttempt(String run, String stage, String worker, int started, int ended, long resumed) {
    attempt(
        run, stage, 1, "failed", worker, started, ended, resumed, worker + " was silent for 30 s");
  }

  private void attempt(
      String run,
      String stage,
      int epoch,
      String status,
      String worker,
      int started,
      int ended,
      @Nullable Long resumed,
      @Nullable String failure) {
    update(
        """
        insert into attempt (stage_id, epoch, status, worker, device, started_at, last_heard_at,
          ended_at, resumed_from, failure_class, failure_message)
        values (%s, ?, ?, ?, 'cpu, 2 threads', ?, ?, ?, ?, ?, ?)
        """
            .formatted(STAGE),
        run,
        stage,
        epoch,
        status,
        worker,
        at(started),
        at(Math.max(ended, 1)),
        at(ended),
        resumed,
        failure == null ? null : "platform",
        failure);
  }

  void event(String run, @Nullable String stage, String level, String message, int ago) {
    update(
        "insert into event (run_id, stage, level, message, at) values (?, ?, ?, ?, ?)",
        run,
        stage,
        level,
        message,
        at(ago));
  }

  /** Metrics and checkpoints of the steps {@code from} to {@code to} of a training stage. */
  void train(String run, StagePlan stage, long from, long to) {
    long total = SampleArtifacts.steps(stage);
    int order = TRAINING.indexOf(stage.name());
    update(
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
      metric(run, stage, "learning-rate", step, 0.003 * (1 - 0.9 * part));
      metric(run, stage, "gradient-norm", step, 0.8 + 0.2 * random.nextDouble());
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
    update(
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
    update(
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
    update(
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
                update(
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
    update(
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
    update(
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
      update(
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

  private void update(String sql, @Nullable Object... values) {
    JdbcClient.StatementSpec statement = db.sql(sql);
    for (@Nullable Object value : values) {
      statement = statement.param(value);
    }
    statement.update();
  }

  private @Nullable OffsetDateTime at(int secondsAgo) {
    return secondsAgo < 0
        ? null
        : now.minus(Duration.ofSeconds(secondsAgo)).atOffset(ZoneOffset.UTC);
  }
}
