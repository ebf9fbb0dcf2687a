package dev.modelflow.ledger;

import dev.modelflow.domain.Digest;
import dev.modelflow.domain.FailureClass;
import dev.modelflow.domain.StageStatus;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Stages of runs: what they read, what they made, which earlier result may stand in. */
public final class Stages {
  private final JdbcClient jdbc;
  private final Transactions transactions;
  private final Events events;
  private final StageInputs inputs;

  Stages(JdbcClient jdbc, Transactions transactions, Events events) {
    this.jdbc = jdbc;
    this.transactions = transactions;
    this.events = events;
    this.inputs = new StageInputs(jdbc, transactions);
  }

  /** The stages of a run in topological order. */
  public List<Stage> of(String runId) {
    return transactions.read(
        () ->
            jdbc.sql("select * from stage where run_id = :run order by position")
                .param("run", runId)
                .query(RunRows::stage)
                .list());
  }

  /** The stage of a run. */
  public Optional<Stage> find(String runId, String name) {
    return transactions.read(
        () ->
            jdbc.sql("select * from stage where run_id = :run and name = :name")
                .param("run", runId)
                .param("name", name)
                .query(RunRows::stage)
                .optional());
  }

  /**
   * The stage of a run in this life of it, see {@link Runs#incarnation}; in any where it is null.
   */
  public Optional<Stage> find(String runId, String name, @Nullable String incarnation) {
    return transactions.read(
        () ->
            jdbc.sql(
                    """
                    select stage.* from stage join run on run.id = stage.run_id
                    where stage.run_id = :run and stage.name = :name
                      and run.incarnation::text = coalesce(:incarnation, run.incarnation::text)
                    """)
                .param("run", runId)
                .param("name", name)
                .param("incarnation", incarnation)
                .query(RunRows::stage)
                .optional());
  }

  /** Like {@link #find}; throws {@link IllegalArgumentException} when there is none. */
  public Stage get(String runId, String name) {
    return find(runId, name)
        .orElseThrow(
            () -> new IllegalArgumentException("Run " + runId + " has no stage '" + name + "'"));
  }

  /** The stage of this row; throws {@link IllegalArgumentException} when there is none. */
  public Stage get(long stageId) {
    return transactions
        .read(
            () ->
                jdbc.sql("select * from stage where id = :id")
                    .param("id", stageId)
                    .query(RunRows::stage)
                    .optional())
        .orElseThrow(() -> new IllegalArgumentException("No stage has the row " + stageId));
  }

  /** The committed outputs of a stage, by name. */
  public Map<String, Digest> outputs(long stageId) {
    return transactions.read(
        () -> {
          Map<String, Digest> outputs = new LinkedHashMap<>();
          jdbc.sql("select name, artifact_id from stage_output where stage_id = :id order by name")
              .param("id", stageId)
              .query(
                  row -> {
                    outputs.put(row.getString("name"), new Digest(row.getString("artifact_id")));
                  });
          return outputs;
        });
  }

  /** One committed output; throws {@link IllegalArgumentException} naming those that exist. */
  public Digest output(Stage stage, String name) {
    Map<String, Digest> outputs = outputs(stage.id());
    Digest output = outputs.get(name);
    if (output == null) {
      throw new IllegalArgumentException(
          "Stage '" + stage.name() + "' has no output '" + name + "'; it has: " + outputs.keySet());
    }
    return output;
  }

  /** The committed checkpoints of a stage, earliest first. */
  public List<Checkpoint> checkpoints(long stageId) {
    return transactions.read(
        () ->
            jdbc.sql(
                    """
                    select step, tokens, artifact_id from checkpoint where stage_id = :id
                    order by step
                    """)
                .param("id", stageId)
                .query(
                    (row, number) ->
                        new Checkpoint(
                            row.getLong("step"),
                            row.getLong("tokens"),
                            new Digest(row.getString("artifact_id"))))
                .list());
  }

  /**
   * The objects of all outputs and checkpoints of a stage: digest → size in bytes. None where it
   * has no outputs.
   */
  public Map<Digest, Long> objects(long stageId) {
    return transactions.read(
        () -> {
          Map<Digest, Long> objects = new LinkedHashMap<>();
          jdbc.sql(
                  """
                  select distinct artifact_file.sha256, artifact_file.size from artifact_file
                  where artifact_id in (
                    select artifact_id from stage_output where stage_id = :id
                    union all
                    select artifact_id from checkpoint where stage_id = :id)
                    and exists (select from stage_output where stage_id = :id)
                  """)
              .param("id", stageId)
              .query(
                  row -> {
                    objects.put(new Digest(row.getString("sha256")), row.getLong("size"));
                  });
          return objects;
        });
  }

  /**
   * The artifacts that a stage reads, by role. Throws {@link MissingInputException} when one does
   * not exist though its stage is done.
   */
  public Map<String, Digest> inputs(Stage stage) {
    Map<String, Digest> resolved = new LinkedHashMap<>();
    stage
        .inputs()
        .forEach((role, input) -> resolved.put(role, inputs.artifact(stage, role, input)));
    return resolved;
  }

  /**
   * Records the fingerprint that a waiting stage is looked up by. Once an attempt has begun, what
   * it says of itself counts.
   */
  public void recordFingerprint(long stageId, Digest fingerprint, String codeVersion) {
    transactions.write(
        () ->
            jdbc.sql(
                    """
                    update stage set fingerprint = :fingerprint, code_version = :version
                    where id = :id and status = 'waiting'
                    """)
                .param("id", stageId)
                .param("fingerprint", fingerprint.hex())
                .param("version", codeVersion)
                .update());
  }

  /** Stages that committed outputs under this fingerprint, newest first. */
  public List<Stage> withFingerprint(Digest fingerprint) {
    return transactions.read(
        () ->
            jdbc.sql(
                    """
                    select * from stage where fingerprint = :fingerprint and status = 'succeeded'
                    order by finished_at desc limit 5
                    """)
                .param("fingerprint", fingerprint.hex())
                .query(RunRows::stage)
                .list());
  }

  /**
   * Lets {@code original} stand in for a waiting stage: copies its outputs, checkpoints and
   * evaluations. Returns how the stage then stands.
   */
  public StageStatus reuse(Stage stage, Stage original) {
    return transactions.in(
        () -> {
          if (markReused(stage, original)) {
            new Copies(jdbc).copy(original.id(), stage.id());
            countDone(stage.runId());
            events.add(
                stage.runId(),
                stage.name(),
                Events.Level.INFO,
                "Reused the result of run " + original.runId());
          }
          return get(stage.id()).status();
        });
  }

  private boolean markReused(Stage stage, Stage original) {
    return jdbc.sql(
                """
                update stage as s set status = 'reused', reused_from = :original,
                  fingerprint = coalesce(o.fingerprint, s.fingerprint),
                  code_version = coalesce(o.code_version, s.code_version),
                  started_at = now(), finished_at = now(),
                  total_steps = o.total_steps, current_step = o.current_step
                from stage as o
                where s.id = :id and s.status = 'waiting' and o.id = :original
                """)
            .param("id", stage.id())
            .param("original", original.id())
            .update()
        == 1;
  }

  private void countDone(String runId) {
    jdbc.sql("update run set stages_done = stages_done + 1 where id = :run")
        .param("run", runId)
        .update();
  }

  /** Records that no attempt of the stage will follow; a failure also becomes the run's. */
  public void close(
      Stage stage,
      StageStatus status,
      @Nullable FailureClass failureClass,
      @Nullable String message) {
    transactions.run(
        () -> {
          if (markClosed(stage, status, failureClass, message)) {
            blameRun(stage, status, failureClass, message);
            events.add(
                stage.runId(),
                stage.name(),
                status == StageStatus.FAILED ? Events.Level.ERROR : Events.Level.INFO,
                "Stage " + status + (message == null ? "" : ": " + message));
          }
        });
  }

  private boolean markClosed(
      Stage stage,
      StageStatus status,
      @Nullable FailureClass failureClass,
      @Nullable String message) {
    return jdbc.sql(
                """
                update stage set status = :status, finished_at = now(), failure_class = :class,
                  failure_message = :message
                where id = :id and status in ('waiting', 'running')
                """)
            .param("id", stage.id())
            .param("status", status.word())
            .param("class", failureClass == null ? null : failureClass.word())
            .param("message", message)
            .update()
        == 1;
  }

  private void blameRun(
      Stage stage,
      StageStatus status,
      @Nullable FailureClass failureClass,
      @Nullable String message) {
    if (status != StageStatus.FAILED) {
      return;
    }
    jdbc.sql(
            """
            update run set failure_class = :class, failure_message = :message
            where id = :run and failure_message is null
            """)
        .param("run", stage.runId())
        .param("class", failureClass == null ? null : failureClass.word())
        .param("message", "Stage '" + stage.name() + "': " + message)
        .update();
  }

  /**
   * The last stage of the chain of reuse that begins at {@code stage}: the one that did the work.
   */
  public Optional<Stage> worker(Stage stage) {
    Stage at = stage;
    Long original = at.reusedFrom();
    while (at.status() == StageStatus.REUSED && original != null) {
      at = get(original);
      original = at.reusedFrom();
    }
    return at.status() == StageStatus.SUCCEEDED ? Optional.of(at) : Optional.empty();
  }
}
