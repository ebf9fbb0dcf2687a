package dev.modelflow.read;

import dev.modelflow.domain.RunStatus;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Questions about runs. */
public final class RunQueries {
  /** The most runs that one page or one family holds. */
  public static final int MOST = 200;

  private static final String SUMMARY =
      """
      select run.id, run.name, recipe.name as recipe, run.status, run.parent_run,
             run.branch_stage, run.branch_step, run.rerun_from, run.created_by, run.created_at,
             run.started_at, run.finished_at, run.stages_total, run.stages_done
      """;

  private final JdbcClient db;

  /** Asks the ledger behind {@code db}. */
  public RunQueries(JdbcClient db) {
    this.db = db;
  }

  /**
   * A page of the project's runs, newest first.
   *
   * @param status only runs that stand so; null for all
   * @param after the page begins behind this cursor; null for the first page
   * @param limit 1 to {@link #MOST}
   */
  public RunPage page(
      String project, @Nullable RunStatus status, @Nullable Cursor after, int limit) {
    int size = Math.clamp(limit, 1, MOST);
    var query =
        db.sql(
            SUMMARY
                + "from run join recipe on recipe.digest = run.recipe_digest"
                + " where run.project_id = :project"
                + (status == null ? "" : " and run.status = :status")
                + (after == null ? "" : " and (run.created_at, run.id) < (:at, :id)")
                + " order by run.created_at desc, run.id desc limit :limit");
    query = query.param("project", project).param("limit", size + 1);
    if (status != null) {
      query = query.param("status", status.word());
    }
    if (after != null) {
      query = query.param("at", after.createdAt().atOffset(ZoneOffset.UTC)).param("id", after.id());
    }
    List<RunSummary> rows = query.query(RunQueries::summary).list();
    if (rows.size() <= size) {
      return new RunPage(rows, null);
    }
    List<RunSummary> kept = List.copyOf(rows.subList(0, size));
    RunSummary last = kept.getLast();
    return new RunPage(kept, new Cursor(last.createdAt(), last.id()).encode());
  }

  /** How many of the project's runs stand in each status; absent means none. */
  public Map<RunStatus, Long> counts(String project) {
    Map<RunStatus, Long> counts = new LinkedHashMap<>();
    db.sql("select status, count(*) as runs from run where project_id = ? group by status")
        .param(project)
        .query(
            row -> {
              counts.put(RunStatus.of(row.getString("status")), row.getLong("runs"));
            });
    return counts;
  }

  /** The run with this id. */
  public Optional<RunDetail> find(String id) {
    return db.sql(
            SUMMARY
                + """
                , run.branch_checkpoint, run.overrides, run.recipe_digest, run.source,
                run.failure_class, run.failure_message
                from run join recipe on recipe.digest = run.recipe_digest where run.id = ?
                """)
        .param(id)
        .query(RunQueries::detail)
        .optional();
  }

  /**
   * The run's oldest ancestor and everything that descends from it, oldest first: at most {@link
   * #MOST} runs.
   */
  public List<RunSummary> family(String id) {
    return db.sql(
            """
            with recursive up (id, parent_run, height) as (
              select id, parent_run, 0 from run where id = :id
              union all
              select run.id, run.parent_run, height + 1 from run join up on run.id = up.parent_run),
            down (id) as (
              (select id from up order by height desc limit 1)
              union
              select run.id from run join down on run.parent_run = down.id)
            """
                + SUMMARY
                + """
                from run join recipe on recipe.digest = run.recipe_digest
                where run.id in (select id from down)
                order by run.created_at, run.id limit :limit
                """)
        .param("id", id)
        .param("limit", MOST)
        .query(RunQueries::summary)
        .list();
  }

  private static RunDetail detail(ResultSet row, int number) throws SQLException {
    return new RunDetail(
        summary(row, number),
        Rows.textOrNull(row, "branch_checkpoint"),
        Rows.json(row, "overrides"),
        row.getString("recipe_digest"),
        row.getString("source"),
        Rows.textOrNull(row, "failure_class"),
        Rows.textOrNull(row, "failure_message"));
  }

  private static RunSummary summary(ResultSet row, int number) throws SQLException {
    return new RunSummary(
        row.getString("id"),
        row.getString("name"),
        row.getString("recipe"),
        RunStatus.of(row.getString("status")),
        Rows.textOrNull(row, "parent_run"),
        Rows.textOrNull(row, "branch_stage"),
        Rows.longOrNull(row, "branch_step"),
        Rows.textOrNull(row, "rerun_from"),
        row.getString("created_by"),
        Rows.instant(row, "created_at"),
        Rows.instantOrNull(row, "started_at"),
        Rows.instantOrNull(row, "finished_at"),
        row.getInt("stages_total"),
        row.getInt("stages_done"));
  }
}
