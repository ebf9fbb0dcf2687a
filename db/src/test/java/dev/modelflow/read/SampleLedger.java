package dev.modelflow.read;

import dev.modelflow.domain.ArtifactKind;
import dev.modelflow.domain.CanonicalJson;
import dev.modelflow.domain.Digest;
import dev.modelflow.domain.Manifest;
import dev.modelflow.domain.ManifestFile;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/**
 * Writes a ledger as a day of work with the tiny flow leaves it: a finished flow, a branch of it
 * that trains right now, a failed, a cancelled and a queued run, and the workers.
 */
public final class SampleLedger {
  /** A finished flow. */
  public static final String DONE = "01kb5f3tq8s6x2v9w0done";

  /** A branch of {@link #DONE} at {@code pretrain@600} that runs. */
  public static final String BRANCH = "01kb5h7zm4c1n8r3p5live";

  /** A run that failed. */
  public static final String FAILED = "01kb5e9ya2d7k6j4h8fail";

  /** A run that a person cancelled. */
  public static final String CANCELLED = "01kb5g2wc9b3m5t7q1stop";

  /** A run that waits. */
  public static final String QUEUED = "01kb5j8xe6f4z2y9u3wait";

  private static final List<String> TRAINING =
      List.of("pretrain", "midtrain", "long-context", "sft", "dpo", "rlvr");
  private static final Map<String, Integer> STEPS =
      Map.of(
          "pretrain",
          1200,
          "midtrain",
          400,
          "long-context",
          300,
          "sft",
          180,
          "dpo",
          90,
          "rlvr",
          60);

  private final JdbcClient db;
  private final Instant now;
  private final Random random = new Random(7);

  private SampleLedger(JdbcClient db, Instant now) {
    this.db = db;
    this.now = now;
  }

  /** Fills an empty ledger; times are before {@code now}. */
  public static void write(DataSource source, Instant now) {
    try (Connection connection = source.getConnection()) {
      // One connection and one commit: thousands of rows are written.
      connection.setAutoCommit(false);
      new SampleLedger(JdbcClient.create(new SingleConnectionDataSource(connection, true)), now)
          .all();
      connection.commit();
    } catch (SQLException failure) {
      throw new IllegalStateException("The sample ledger could not be written", failure);
    }
  }

  private void all() {
    recipe();
    workers();
    failed();
    done();
    cancelled();
    branch();
    queued();
  }

  /** The id of the checkpoint that {@link #DONE} wrote after this step of this stage. */
  public static String checkpoint(String stage, long step) {
    return checkpointManifest(DONE, stage, step).id().hex();
  }

  private void recipe() {
    update(
        "insert into recipe (digest, name, canonical, source) values (?, 'tiny', '{}'::jsonb, ?)",
        Digest.of("tiny").hex(),
        RECIPE);
  }

  private void workers() {
    worker("cpu-1", "cpu", 4121, "{\"kind\": \"cpu\", \"threads\": 1}", null, 3);
    worker(
        "gpu-1",
        "gpu",
        4137,
        "{\"kind\": \"cpu\", \"threads\": 2}",
        "midtrain of tiny-more-maths",
        1);
    worker("gpu-2", "gpu", 3980, "{\"kind\": \"cpu\", \"threads\": 2}", null, 2700);
  }

  private void worker(
      String id, String pool, long pid, String device, @Nullable String doing, int silent) {
    update(
        """
            insert into worker (id, pool, host, pid, devices, kinds, started_at, last_heard_at, doing)
            values (?, ?, 'workbench', ?, ?::jsonb, '{"pretrain": "0.1.0"}'::jsonb, ?, ?, ?)
            """,
        id,
        pool,
        pid,
        "[" + device + "]",
        at(14_400),
        at(silent),
        doing);
  }

  private void done() {
    run(DONE, "tiny", "succeeded", 5400, 5398, 4870, 15, 15);
    int position = 0;
    int second = 5398;
    stage(
        DONE, "synthesize", "synthesize", position++, "cpu", "{}", "succeeded", second, second - 6);
    output(DONE, "synthesize", "conversations", artifact(ArtifactKind.CORPUS, "conversations", 2));
    output(DONE, "synthesize", "questions", artifact(ArtifactKind.PROMPT_SET, "questions", 1));
    second -= 6;
    stage(
        DONE,
        "curate",
        "curate",
        position++,
        "cpu",
        from("documents", "synthesize", "conversations"),
        "succeeded",
        second,
        second - 31);
    output(DONE, "curate", "tokenizer", artifact(ArtifactKind.TOKENIZER, "tokenizer", 1));
    output(DONE, "curate", "tokens.glosses", artifact(ArtifactKind.TOKEN_SET, "glosses", 3));
    edge(
        artifactId(ArtifactKind.CORPUS, "conversations", 2),
        artifactId(ArtifactKind.TOKEN_SET, "glosses", 3),
        DONE,
        "curate",
        "documents");
    second -= 31;
    String before = "curate";
    for (int i = 0; i < TRAINING.size(); i++) {
      String name = TRAINING.get(i);
      int steps = STEPS.getOrDefault(name, 100);
      int seconds = steps / 12;
      stage(
          DONE,
          name,
          name,
          position++,
          "gpu",
          trainingInputs(before),
          "succeeded",
          second,
          second - seconds);
      progress(DONE, name, steps, steps);
      train(DONE, name, i, 0, steps, steps);
      event(DONE, name, "info", name + " finished after " + steps + " steps", second - seconds);
      second -= seconds;
      evaluate(DONE, name, i, position++, second);
      second -= 9;
      before = name;
    }
    stage(
        DONE,
        "release",
        "release",
        position,
        "cpu",
        from("checkpoint", "rlvr", "checkpoint"),
        "succeeded",
        second,
        second - 5);
    String release = artifact(ArtifactKind.RELEASE, "release", 5);
    output(DONE, "release", "release", release);
    edge(checkpoint("rlvr", 60), release, DONE, "release", "checkpoint");
    event(DONE, null, "info", "The flow succeeded: 15 stages in 8 min 48 s", second - 5);
  }

  private void branch() {
    run(BRANCH, "tiny-more-maths", "running", 260, 258, -1, 15, 4);
    update(
        """
            update run set parent_run = ?, branch_stage = 'pretrain', branch_step = 600,
              branch_checkpoint = ?, overrides = '{"midtrain.mix.arithmetic": 0.8, "midtrain.steps": 500}'::jsonb
            where id = ?
            """,
        DONE,
        checkpoint("pretrain", 600),
        BRANCH);
    reused(BRANCH, "synthesize", 0, "cpu", "{}");
    reused(BRANCH, "curate", 1, "cpu", from("documents", "synthesize", "conversations"));
    stage(
        BRANCH, "pretrain", "pretrain", 2, "gpu", trainingInputs("curate"), "succeeded", 256, 205);
    update(
        "update stage set start_checkpoint = ?, start_step = 600 where run_id = ? and name = 'pretrain'",
        checkpoint("pretrain", 600),
        BRANCH);
    progress(BRANCH, "pretrain", 1200, 1200);
    train(BRANCH, "pretrain", 0, 600, 1200, 1200);
    evaluate(BRANCH, "pretrain", 0, 3, 205);
    stage(BRANCH, "midtrain", "midtrain", 4, "gpu", trainingInputs("pretrain"), "running", 180, -1);
    progress(BRANCH, "midtrain", 310, 500);
    train(BRANCH, "midtrain", 1, 0, 310, 500);
    int position = 5;
    waitingEvaluation(BRANCH, "midtrain", position++);
    String before = "midtrain";
    for (String name : TRAINING.subList(2, TRAINING.size())) {
      stage(BRANCH, name, name, position++, "gpu", trainingInputs(before), "waiting", -1, -1);
      waitingEvaluation(BRANCH, name, position++);
      before = name;
    }
    stage(
        BRANCH,
        "release",
        "release",
        position,
        "cpu",
        from("checkpoint", "rlvr", "checkpoint"),
        "waiting",
        -1,
        -1);
    event(BRANCH, null, "info", "Branched from tiny at pretrain@600", 258);
    event(BRANCH, "curate", "info", "Reused from tiny: same fingerprint, 7 objects checked", 257);
    event(BRANCH, "pretrain", "info", "Continues from step 600", 256);
    event(
        BRANCH,
        "pretrain",
        "warning",
        "The worker gpu-2 was not heard of for 30 s; attempt 2 begins",
        240);
    event(
        BRANCH,
        "pretrain",
        "info",
        "Resumed: was at step 752, continues from checkpoint at step 600",
        236);
    event(BRANCH, "pretrain", "info", "Checkpoint after step 1200 committed (4.1 MB)", 206);
    event(BRANCH, "midtrain", "info", "Attempt 1 began on gpu-1", 180);
    event(BRANCH, "midtrain", "info", "Checkpoint after step 200 committed (4.1 MB)", 70);
    attempt(
        BRANCH,
        "pretrain",
        1,
        "failed",
        "gpu-2",
        256,
        241,
        600L,
        "platform",
        "The worker gpu-2 was not heard of for 30 s");
    update(
        "update attempt set epoch = 3 where epoch = 1 and status = 'succeeded' and stage_id = (select id from stage where run_id = ? and name = 'pretrain')",
        BRANCH);
  }

  private void failed() {
    run(FAILED, "first try", "failed", 9000, 8990, 8950, 15, 1);
    stage(FAILED, "synthesize", "synthesize", 0, "cpu", "{}", "succeeded", 8990, 8984);
    stage(
        FAILED,
        "curate",
        "curate",
        1,
        "cpu",
        from("documents", "synthesize", "conversations"),
        "failed",
        8984,
        8950);
    update(
        "update stage set failure_class = 'data', failure_message = ? where run_id = ? and name = 'curate'",
        FAILURE,
        FAILED);
    update(
        "update run set failure_class = 'data', failure_message = ? where id = ?", FAILURE, FAILED);
    stage(FAILED, "pretrain", "pretrain", 2, "gpu", trainingInputs("curate"), "cancelled", -1, -1);
    event(FAILED, "curate", "error", FAILURE, 8950);
  }

  private void cancelled() {
    run(CANCELLED, "<b>wide</b> & deep", "cancelled", 4000, 3998, 3900, 15, 2);
    stage(CANCELLED, "pretrain", "pretrain", 0, "gpu", "{}", "cancelled", 3990, 3900);
    progress(CANCELLED, "pretrain", 420, 1200);
    train(CANCELLED, "pretrain", 0, 0, 420, 1200);
  }

  private void queued() {
    run(QUEUED, "seed 21", "queued", 20, -1, -1, 15, 0);
    stage(QUEUED, "synthesize", "synthesize", 0, "cpu", "{}", "waiting", -1, -1);
  }

  private void run(
      String id,
      String name,
      String status,
      int created,
      int started,
      int finished,
      int total,
      int done) {
    update(
        """
            insert into run (id, project_id, name, recipe_digest, status, created_by, created_at,
              started_at, finished_at, stages_total, stages_done, model)
            values (?, 'default', ?, ?, ?, 'operator', ?, ?, ?, ?, ?, '{}'::jsonb)
            """,
        id,
        name,
        Digest.of("tiny").hex(),
        status,
        at(created),
        atOrNull(started),
        atOrNull(finished),
        total,
        done);
  }

  private void stage(
      String run,
      String name,
      String kind,
      int position,
      String pool,
      String inputs,
      String status,
      int started,
      int finished) {
    update(
        """
            insert into stage (run_id, name, kind, position, pool, seed, parameters, inputs, status,
              started_at, finished_at, code_version, epoch)
            values (?, ?, ?, ?, ?, 20, '{"learningRate": 0.003, "rows": 8}'::jsonb, ?::jsonb, ?, ?, ?, '0.1.0', 1)
            """,
        run,
        name,
        kind,
        position,
        pool,
        inputs,
        status,
        atOrNull(started),
        atOrNull(finished));
    if (started >= 0) {
      String attempt = status.equals("running") || status.equals("succeeded") ? status : "failed";
      attempt(
          run,
          name,
          status.equals("succeeded") && run.equals(BRANCH) ? 2 : 1,
          attempt,
          pool + "-1",
          started,
          finished,
          null,
          null,
          null);
    }
  }

  private void reused(String run, String name, int position, String pool, String inputs) {
    update(
        """
            insert into stage (run_id, name, kind, position, pool, seed, parameters, inputs, status, reused_from,
              started_at, finished_at)
            values (?, ?, ?, ?, ?, 20, '{}'::jsonb, ?::jsonb, 'reused',
              (select id from stage where run_id = ? and name = ?), ?, ?)
            """,
        run,
        name,
        name,
        position,
        pool,
        inputs,
        DONE,
        name,
        at(257),
        at(257));
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
      @Nullable String failureClass,
      @Nullable String failure) {
    update(
        """
            insert into attempt (stage_id, epoch, status, worker, device, started_at, last_heard_at, ended_at,
              resumed_from, failure_class, failure_message)
            values ((select id from stage where run_id = ? and name = ?), ?, ?, ?, 'cpu, 2 threads', ?, ?, ?, ?, ?, ?)
            """,
        run,
        stage,
        epoch,
        status,
        worker,
        at(started),
        at(Math.max(ended, 1)),
        atOrNull(ended),
        resumed,
        failureClass,
        failure);
  }

  private void progress(String run, String stage, long step, long total) {
    update(
        "update stage set current_step = ?, total_steps = ?, tokens_per_second = ? where run_id = ? and name = ?",
        step,
        total,
        13_400.0 + random.nextInt(900),
        run,
        stage);
  }

  /** Metrics and checkpoints of the steps {@code from} to {@code to}. */
  private void train(String run, String stage, int order, int from, int to, int total) {
    double start = order == 0 ? 7.6 : 3.1 - 0.3 * order;
    double floor = 2.6 - 0.25 * order;
    for (int step = from + 1; step <= to; step += Math.max(1, total / 240)) {
      double part = (double) step / total;
      double loss = floor + (start - floor) * Math.exp(-5 * part) + 0.05 * random.nextGaussian();
      metric(run, stage, "loss", step, loss);
      metric(run, stage, "learning_rate", step, 0.003 * (1 - 0.9 * part));
      metric(run, stage, "gradient_norm", step, 0.8 + 0.2 * random.nextDouble());
      if (stage.equals("rlvr")) {
        metric(run, stage, "reward", step, 0.42 + 0.3 * part + 0.03 * random.nextGaussian());
      }
    }
    int every = Math.max(20, total / 6);
    for (int step = from + every; step <= to; step += every) {
      checkpoint(run, stage, step, step == to);
    }
    if (to == total && to % every != 0) {
      checkpoint(run, stage, to, true);
    }
    if (to == total) {
      output(run, stage, "checkpoint", checkpointManifest(run, stage, to).id().hex());
    }
  }

  private void metric(String run, String stage, String name, long step, double value) {
    update(
        "insert into metric (stage_id, name, step, value) values ((select id from stage where run_id = ? and name = ?), ?, ?, ?)",
        run,
        stage,
        name,
        step,
        value);
  }

  private void checkpoint(String run, String stage, long step, boolean last) {
    Manifest manifest = checkpointManifest(run, stage, step);
    String id = insert(manifest);
    update(
        """
            insert into checkpoint (stage_id, step, tokens, artifact_id, attempt_id, final)
            select stage.id, ?, ?, ?, max(attempt.id), ? from stage join attempt on attempt.stage_id = stage.id
            where stage.run_id = ? and stage.name = ? group by stage.id
            """,
        step,
        step * 1024,
        id,
        last,
        run,
        stage);
    int order = TRAINING.indexOf(stage);
    if (run.equals(DONE) && order > 0) {
      String before = TRAINING.get(order - 1);
      edge(checkpoint(before, STEPS.getOrDefault(before, 1)), id, run, stage, "checkpoint");
    }
    edge(artifactId(ArtifactKind.TOKEN_SET, "glosses", 3), id, run, stage, "tokens.glosses");
    edge(artifactId(ArtifactKind.TOKENIZER, "tokenizer", 1), id, run, stage, "tokenizer");
  }

  private static Manifest checkpointManifest(String run, String stage, long step) {
    String seed = run + stage + step;
    return new Manifest(
        ArtifactKind.CHECKPOINT,
        List.of(
            new ManifestFile("config.json", 712, Digest.of(seed + "config")),
            new ManifestFile("model.safetensors", 4_106_880, Digest.of(seed + "model")),
            new ManifestFile("optimizer.safetensors", 8_213_760, Digest.of(seed + "optimizer")),
            new ManifestFile("tokenizer.json", 78_120, Digest.of("tokenizer.json")),
            new ManifestFile("trainer_state.json", 418, Digest.of(seed + "state"))),
        Map.of("stage", stage, "step", Long.toString(step), "tokens", Long.toString(step * 1024)));
  }

  private String artifact(ArtifactKind kind, String name, int files) {
    return insert(manifest(kind, name, files));
  }

  private static String artifactId(ArtifactKind kind, String name, int files) {
    return manifest(kind, name, files).id().hex();
  }

  private static Manifest manifest(ArtifactKind kind, String name, int files) {
    return new Manifest(
        kind,
        IntStream.range(0, files)
            .mapToObj(
                i ->
                    new ManifestFile(
                        "%s-%05d.jsonl.zst".formatted(name, i),
                        1_204_511 + 977L * i,
                        Digest.of(name + i)))
            .toList(),
        Map.of("documents", "48213", "licences", "Apache-2.0, WordNet-3.1"));
  }

  private String insert(Manifest manifest) {
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
          "insert into artifact_file (artifact_id, path, size, sha256) values (?, ?, ?, ?) on conflict do nothing",
          id,
          file.path(),
          file.size(),
          file.sha256().hex());
    }
    return id;
  }

  private void output(String run, String stage, String name, String artifact) {
    update(
        "insert into stage_output (stage_id, name, artifact_id) values ((select id from stage where run_id = ? and name = ?), ?, ?)",
        run,
        stage,
        name,
        artifact);
  }

  private void edge(String src, String dst, String run, String stage, String role) {
    update(
        "insert into edge (src, dst, role, stage_id) values (?, ?, ?, (select id from stage where run_id = ? and name = ?)) on conflict do nothing",
        src,
        dst,
        role,
        run,
        stage);
  }

  private void evaluate(String run, String of, int order, int position, int started) {
    String name = "evaluate-" + of;
    stage(
        run,
        name,
        "evaluate",
        position,
        "gpu",
        from("checkpoint", of, "checkpoint"),
        "succeeded",
        started,
        started - 9);
    String checkpoint = checkpointManifest(run, of, STEPS.getOrDefault(of, 1)).id().hex();
    double[] bits = {2.284, 2.251, 2.262, 2.297, 2.301, 2.31};
    double[] maths = {0.06, 0.41, 0.43, 0.52, 0.535, 0.682};
    double[] needle = {0.61, 0.6, 0.71, 0.7, 0.7, 0.69};
    double[] far = {0.04, 0.05, 0.58, 0.56, 0.57, 0.55};
    evaluation(
        run, name, checkpoint, "held-out text", "bits per byte", bits[order], 0.009, 60_000, false);
    evaluation(run, name, checkpoint, "maths", "accuracy", maths[order], 0.023, 400, true);
    evaluation(
        run, name, checkpoint, "needle, old context", "accuracy", needle[order], 0.046, 100, true);
    evaluation(
        run, name, checkpoint, "needle, new context", "accuracy", far[order], 0.049, 100, true);
  }

  private void evaluation(
      String run,
      String stage,
      String checkpoint,
      String task,
      String metric,
      double value,
      double error,
      int samples,
      boolean higher) {
    update(
        """
            insert into evaluation (stage_id, checkpoint_id, task, metric, value, standard_error, samples, higher_is_better)
            values ((select id from stage where run_id = ? and name = ?), ?, ?, ?, ?, ?, ?, ?)
            """,
        run,
        stage,
        checkpoint,
        task,
        metric,
        value,
        error,
        samples,
        higher);
  }

  private void waitingEvaluation(String run, String of, int position) {
    stage(
        run,
        "evaluate-" + of,
        "evaluate",
        position,
        "gpu",
        from("checkpoint", of, "checkpoint"),
        "waiting",
        -1,
        -1);
  }

  private void event(String run, @Nullable String stage, String level, String message, int ago) {
    update(
        "insert into event (run_id, stage, level, message, at) values (?, ?, ?, ?, ?)",
        run,
        stage,
        level,
        message,
        at(ago));
  }

  private static String trainingInputs(String before) {
    String data =
        "\"tokenizer\": {\"stage\": \"curate\", \"output\": \"tokenizer\", \"step\": null},"
            + "\"tokens.glosses\": {\"stage\": \"curate\", \"output\": \"tokens.glosses\", \"step\": null}";
    return before.equals("curate")
        ? "{" + data + "}"
        : "{"
            + data
            + String.format(
                Locale.ROOT,
                ", \"checkpoint\": {\"stage\": \"%s\", \"output\": \"checkpoint\", \"step\": null}}",
                before);
  }

  private static String from(String role, String stage, String output) {
    return String.format(
        Locale.ROOT,
        "{\"%s\": {\"stage\": \"%s\", \"output\": \"%s\", \"step\": null}}",
        role,
        stage,
        output);
  }

  private void update(String sql, @Nullable Object... values) {
    JdbcClient.StatementSpec statement = db.sql(sql);
    for (@Nullable Object value : values) {
      statement = statement.param(value);
    }
    statement.update();
  }

  private OffsetDateTime at(int secondsAgo) {
    return now.minus(Duration.ofSeconds(secondsAgo)).atOffset(ZoneOffset.UTC);
  }

  private @Nullable OffsetDateTime atOrNull(int secondsAgo) {
    return secondsAgo < 0 ? null : at(secondsAgo);
  }

  private static final String FAILURE =
      "The file glosses.jar has digest 3f9a1c but the recipe pins 77e0d2; fetch it again or change the pin";

  private static final String RECIPE =
      """
      recipe: 1
      name: tiny
      seed: 20
      model: {layers: 4, width: 128, heads: 4, feedForward: 352, vocabulary: 2048, context: 128}
      stages:
        synthesize: {pool: cpu}
        curate: {pool: cpu}
        pretrain: {pool: gpu, data: curate, steps: 1200}
      """;
}
