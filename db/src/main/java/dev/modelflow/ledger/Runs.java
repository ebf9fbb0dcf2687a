package dev.modelflow.ledger;

import dev.modelflow.domain.CanonicalJson;
import dev.modelflow.domain.FailureClass;
import dev.modelflow.domain.FlowPlan;
import dev.modelflow.domain.RunStatus;
import dev.modelflow.domain.StagePlan;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Runs with their recipes, and the outbox of runs that wait for a workflow. */
public final class Runs {
  private static final String UNFINISHED = "status in ('queued', 'running', 'cancelling')";

  private final JdbcClient jdbc;
  private final Transactions transactions;
  private final AuditLog audit;
  private final Events events;

  Runs(JdbcClient jdbc, Transactions transactions, AuditLog audit, Events events) {
    this.jdbc = jdbc;
    this.transactions = transactions;
    this.audit = audit;
    this.events = events;
  }

  /**
   * Records project, recipe, run, stages and outbox entry in one transaction; harmless when
   * repeated.
   */
  public Run create(NewRun run) {
    return transactions.in(
        () -> {
          insertProject(run.project());
          insertRecipe(run.plan());
          if (insertRun(run)) {
            NewStages newStages = new NewStages(jdbc);
            int position = 0;
            for (StagePlan stage : run.plan().stages()) {
              StageStart start =
                  run.starts().getOrDefault(stage.name(), new StageStart.ByFingerprint());
              newStages.insert(run.id(), position++, stage, start);
            }
            jdbc.sql("insert into run_outbox (run_id) values (:id)").param("id", run.id()).update();
            events.add(run.id(), null, Events.Level.INFO, "Run of '" + run.plan().name() + "'");
            audit.append(run.createdBy(), "create-run", run.id(), auditDetail(run));
          }
          return get(run.id());
        });
  }

  private static Map<String, Object> auditDetail(NewRun run) {
    String parent = run.origin().parentRun();
    return Map.of(
        "recipe", run.plan().recipeDigest().hex(),
        "parent", parent == null ? "" : parent,
        "overrides", run.overrides());
  }

  private void insertProject(String project) {
    jdbc.sql("insert into project (id) values (:id) on conflict do nothing")
        .param("id", project)
        .update();
  }

  private void insertRecipe(FlowPlan plan) {
    jdbc.sql(
            """
            insert into recipe (digest, name, canonical)
            values (:digest, :name, :canonical::jsonb)
            on conflict do nothing
            """)
        .param("digest", plan.recipeDigest().hex())
        .param("name", plan.name())
        .param("canonical", CanonicalJson.write(plan.canonical()))
        .update();
  }

  private boolean insertRun(NewRun run) {
    RunOrigin origin = run.origin();
    return jdbc.sql(
                """
                insert into run (id, project_id, name, recipe_digest, source, status, parent_run,
                  branch_stage, branch_step, branch_checkpoint, rerun_from, overrides, model,
                  created_by, stages_total)
                values (:id, :project, :name, :recipe, :source, 'queued', :parent, :branchStage, :branchStep,
                  :branchCheckpoint, :rerunFrom, :overrides::jsonb, :model::jsonb, :by, :stages)
                on conflict do nothing
                """)
            .param("id", run.id())
            .param("project", run.project())
            .param("name", run.name())
            .param("recipe", run.plan().recipeDigest().hex())
            .param("source", run.plan().source())
            .param("parent", origin.parentRun())
            .param("branchStage", origin.branchStage())
            .param("branchStep", origin.branchStep())
            .param(
                "branchCheckpoint",
                origin.branchCheckpoint() == null ? null : origin.branchCheckpoint().hex())
            .param("rerunFrom", origin.rerunFrom())
            .param("overrides", Json.write(run.overrides()))
            .param("model", Json.write(run.plan().model()))
            .param("by", run.createdBy())
            .param("stages", run.plan().stages().size())
            .update()
        == 1;
  }

  /** The run with this id. */
  public Optional<Run> find(String id) {
    return transactions.read(
        () ->
            jdbc.sql("select * from run where id = :id")
                .param("id", id)
                .query(RunRows::run)
                .optional());
  }

  /** Like {@link #find}; throws {@link IllegalArgumentException} when there is none. */
  public Run get(String id) {
    return find(id).orElseThrow(() -> new IllegalArgumentException("No run has the id " + id));
  }

  /**
   * Which life of the run this is; empty when there is no such run. It changes when the ledger is
   * restored from a backup, and with nothing else.
   */
  public Optional<String> incarnation(String runId) {
    return transactions.read(
        () ->
            jdbc.sql("select incarnation::text from run where id = :id")
                .param("id", runId)
                .query(String.class)
                .optional());
  }

  /** The text that the run was submitted as; what it ran differs from it by its overrides. */
  public String source(String runId) {
    return transactions.read(
        () ->
            jdbc.sql("select source from run where id = :id")
                .param("id", runId)
                .query(String.class)
                .single());
  }

  /** What the run ran: its recipe with all defaults and overrides, as JSON. */
  public String canonicalRecipe(String runId) {
    return transactions.read(
        () ->
            jdbc.sql(
                    """
                    select recipe.canonical::text
                    from run join recipe on recipe.digest = run.recipe_digest where run.id = :id
                    """)
                .param("id", runId)
                .query(String.class)
                .single());
  }

  /** Ids of runs that have not ended, oldest first. */
  public List<String> unfinished() {
    return ids(UNFINISHED);
  }

  /** Ids of runs that were asked to stop and have not ended, oldest first. */
  public List<String> cancelling() {
    return ids("status = 'cancelling'");
  }

  private List<String> ids(String condition) {
    return transactions.read(
        () ->
            jdbc.sql("select id from run where " + condition + " order by created_at, id")
                .query(String.class)
                .list());
  }

  /** Ids of runs whose workflow must still be started, oldest first. */
  public List<String> outbox() {
    return transactions.read(
        () ->
            jdbc.sql("select run_id from run_outbox order by created_at, run_id")
                .query(String.class)
                .list());
  }

  /** Temporal has accepted the run's workflow. */
  public void dispatched(String id) {
    transactions.run(
        () -> jdbc.sql("delete from run_outbox where run_id = :id").param("id", id).update());
  }

  /**
   * The run's workflow will never be started: the run leaves the outbox and ends, cancelled where
   * that was asked for, else failed for this reason. Changes nothing once it has left the outbox.
   */
  public void refuse(String id, String reason) {
    transactions.run(
        () -> {
          int waited =
              jdbc.sql("delete from run_outbox where run_id = :id").param("id", id).update();
          if (waited == 1) {
            boolean failed = failQueued(id, reason);
            finish(id, failed ? RunStatus.FAILED : RunStatus.CANCELLED);
          }
        });
  }

  private boolean failQueued(String id, String reason) {
    return jdbc.sql(
                """
                update run set failure_class = :class, failure_message = :message
                where id = :id and status = 'queued'
                """)
            .param("id", id)
            .param("class", FailureClass.PLATFORM.word())
            .param("message", reason)
            .update()
        == 1;
  }

  /** Marks a queued run as running; returns the run as it then stands. */
  public Run begin(String id) {
    return transactions.in(
        () -> {
          jdbc.sql(
                  """
                  update run set status = 'running', started_at = now()
                  where id = :id and status = 'queued'
                  """)
              .param("id", id)
              .update();
          return get(id);
        });
  }

  /** Asks an unfinished run to stop. Returns false when it had ended or was asked before. */
  public boolean requestCancel(String id, String actor) {
    return transactions.in(
        () -> {
          boolean changed =
              jdbc.sql(
                          """
                          update run set status = 'cancelling'
                          where id = :id and status in ('queued', 'running')
                          """)
                      .param("id", id)
                      .update()
                  == 1;
          if (changed) {
            events.add(id, null, Events.Level.INFO, "Cancel asked for by " + actor);
            audit.append(actor, "cancel-run", id, Map.of());
          }
          return changed;
        });
  }

  /**
   * Records how an unfinished run ended; returns how it stands. Stages that have not ended by then,
   * because the run was cancelled before they began, are cancelled with it.
   */
  public RunStatus finish(String id, RunStatus status) {
    return transactions.in(
        () -> {
          closeStages(id);
          boolean changed =
              jdbc.sql(
                          "update run set status = :status, finished_at = now() where id = :id and "
                              + UNFINISHED)
                      .param("id", id)
                      .param("status", status.word())
                      .update()
                  == 1;
          if (changed) {
            events.add(id, null, level(status), "Run " + status);
          }
          return get(id).status();
        });
  }

  // Before the run's row is locked: attempts lock their stage first and then the run.
  private void closeStages(String id) {
    jdbc.sql(
            """
            update stage set status = 'cancelled', finished_at = now()
            where run_id = :id and status in ('waiting', 'running')
              and exists (select 1 from run where run.id = :id and run.%s)
            """
                .formatted(UNFINISHED))
        .param("id", id)
        .update();
  }

  private static Events.Level level(RunStatus status) {
    return status == RunStatus.FAILED ? Events.Level.ERROR : Events.Level.INFO;
  }
}
