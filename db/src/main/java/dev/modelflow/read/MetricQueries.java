package dev.modelflow.read;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Questions about the numbers that stages reported; a reused stage answers with its original's. */
public final class MetricQueries {
  /** The most points that one answer holds. */
  public static final int MOST = 2000;

  private final JdbcClient db;

  /** Asks the ledger behind {@code db}. */
  public MetricQueries(JdbcClient db) {
    this.db = db;
  }

  /** The names of the metrics of each stage that has any, in the order of stages and names. */
  public Map<String, List<String>> names(String run) {
    Map<String, List<String>> names = new LinkedHashMap<>();
    db.sql(
            """
            select stage.name, found.metrics
            from stage
            join stage_result result on result.stage_id = stage.id
            -- From each name to the next: a stage has few names and very many points.
            cross join lateral (
              with recursive each (name) as (
                (select name from metric where stage_id = result.made_by order by name limit 1)
                union all
                select (select metric.name from metric
                        where stage_id = result.made_by and metric.name > each.name
                        order by metric.name limit 1)
                from each where each.name is not null)
              select array_agg(name order by name) as metrics from each where name is not null) found
            where stage.run_id = ? and found.metrics is not null order by stage.position
            """)
        .param(run)
        .query(
            row -> {
              names.put(
                  row.getString("name"), List.of((String[]) row.getArray("metrics").getArray()));
            });
    return names;
  }

  /**
   * The metric's points behind {@code after}, in order of steps. Of more than {@code limit} points,
   * the first, the last and those at or behind evenly spaced steps between them are kept; only
   * these are read, however many there are.
   */
  public List<MetricPoint> series(String run, String stage, String name, long after, int limit) {
    return db.sql(
            """
            with maker as (
              select result.made_by as id from stage
              join stage_result result on result.stage_id = stage.id
              where run_id = :run and stage.name = :stage),
            beginning as materialized (
              select step, value from metric
              where stage_id = (select id from maker) and name = :name and step > :after
              order by step limit :limit + 1),
            span as (
              select min(step) as first,
                     (select max(step) from metric
                      where stage_id = (select id from maker) and name = :name) as last
              from beginning having count(*) > :limit)
            select step, value from beginning where not exists (select from span)
            union
            select point.step, point.value
            from span
            cross join generate_series(0, :limit - 1) as place
            cross join lateral (
              select step, value from metric
              where stage_id = (select id from maker) and name = :name
                and step >= first + ((last - first)::numeric * place / (:limit - 1))::bigint
              order by step limit 1) point
            order by step
            """)
        .param("run", run)
        .param("stage", stage)
        .param("name", name)
        .param("after", after)
        .param("limit", Math.clamp(limit, 2, MOST))
        .query((row, number) -> new MetricPoint(row.getLong("step"), row.getDouble("value")))
        .list();
  }

  /**
   * The metric's whole curve, in order of steps: of a stage that went on from a checkpoint of
   * another run with that run's points up to it. Of each run's part about {@code limit} points are
   * kept at most, as in {@link #series}.
   */
  public List<MetricPoint> curve(String run, String stage, String name, int limit) {
    List<MetricPoint> curve = new ArrayList<>(series(run, stage, name, -1, limit));
    Optional<Start> start = start(run, stage);
    while (start.isPresent()) {
      Start from = start.get();
      List<MetricPoint> before = series(from.run(), from.stage(), name, -1, limit);
      curve.addAll(0, before.stream().filter(point -> point.step() <= from.step()).toList());
      start = start(from.run(), from.stage()).filter(earlier -> earlier.step() < from.step());
    }
    return List.copyOf(curve);
  }

  /** Where a stage went on: after this step of a stage of the parent run. */
  private record Start(String run, String stage, long step) {}

  private Optional<Start> start(String run, String stage) {
    return db.sql(
            """
            select run.parent_run, maker.name, maker.start_step
            from stage shown
            join stage_result result on result.stage_id = shown.id
            join stage maker on maker.id = result.made_by
            join run on run.id = maker.run_id
            where shown.run_id = :run and shown.name = :stage
              and maker.start_step is not null and run.parent_run is not null
            """)
        .param("run", run)
        .param("stage", stage)
        .query(
            (row, number) ->
                new Start(
                    row.getString("parent_run"), row.getString("name"), row.getLong("start_step")))
        .optional();
  }
}
