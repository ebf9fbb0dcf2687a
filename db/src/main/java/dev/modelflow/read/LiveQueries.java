package dev.modelflow.read;

import dev.modelflow.domain.RunStatus;
import dev.modelflow.domain.StageStatus;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Looks at many runs at once: three questions, however many runs there are. */
public final class LiveQueries {
  private final JdbcClient db;

  /** Asks the ledger behind {@code db}. */
  public LiveQueries(JdbcClient db) {
    this.db = db;
  }

  /**
   * How these runs stand.
   *
   * @param watched run → the number of the event behind which to begin
   * @return the runs that the ledger knows, each with at most {@link EventQueries#MOST} events
   */
  public Map<String, LiveRun> look(Map<String, Long> watched) {
    String[] runs = watched.keySet().toArray(String[]::new);
    // Runs are read before their events, so that none can be missed at the end.
    Map<String, Head> heads = heads(runs);
    Map<String, List<LiveRun.Stage>> stages = stages(runs);
    Map<String, List<EventView>> events = events(watched, runs);
    Map<String, LiveRun> found = new HashMap<>();
    heads.forEach(
        (run, head) ->
            found.put(
                run,
                new LiveRun(
                    head.status,
                    head.done,
                    head.total,
                    head.lines,
                    stages.getOrDefault(run, List.of()),
                    events.getOrDefault(run, List.of()))));
    return found;
  }

  private Map<String, Head> heads(String[] runs) {
    Map<String, Head> heads = new HashMap<>();
    db.sql(
            """
            select run.id, run.status, run.stages_done, run.stages_total, (
              select coalesce(sum(newest.last_line), 0) from stage
              join attempt on attempt.stage_id = stage.id
              join lateral (
                select first_line + lines - 1 as last_line from log_chunk
                where attempt_id = attempt.id order by first_line desc limit 1) newest on true
              where stage.run_id = run.id) as lines
            from run where run.id = any(:runs)
            """)
        .param("runs", runs)
        .query(
            row -> {
              heads.put(
                  row.getString("id"),
                  new Head(
                      RunStatus.of(row.getString("status")),
                      row.getInt("stages_done"),
                      row.getInt("stages_total"),
                      row.getLong("lines")));
            });
    return heads;
  }

  private Map<String, List<LiveRun.Stage>> stages(String[] runs) {
    Map<String, List<LiveRun.Stage>> stages = new HashMap<>();
    db.sql(
            """
            select stage.run_id, stage.name, stage.status,
                   coalesce(original.total_steps, stage.total_steps) as total_steps,
                   coalesce(original.current_step, stage.current_step) as current_step,
                   coalesce(original.tokens_per_second, stage.tokens_per_second)
                     as tokens_per_second,
                   latest.value as loss
            from stage
            join stage_result result on result.stage_id = stage.id
            left join stage original on original.id = result.original_id
            left join lateral (
              select value from metric
              where metric.stage_id = result.made_by and metric.name = 'loss'
              order by step desc limit 1) latest on true
            where stage.run_id = any(:runs)
            order by stage.position, stage.name
            """)
        .param("runs", runs)
        .query(
            row -> {
              stages
                  .computeIfAbsent(row.getString("run_id"), run -> new ArrayList<>())
                  .add(
                      new LiveRun.Stage(
                          row.getString("name"),
                          StageStatus.of(row.getString("status")),
                          Rows.longOrNull(row, "current_step"),
                          Rows.longOrNull(row, "total_steps"),
                          Rows.doubleOrNull(row, "tokens_per_second"),
                          Rows.doubleOrNull(row, "loss")));
            });
    return stages;
  }

  private Map<String, List<EventView>> events(Map<String, Long> watched, String[] runs) {
    Map<String, List<EventView>> events = new HashMap<>();
    Long[] after = new Long[runs.length];
    for (int i = 0; i < runs.length; i++) {
      after[i] = watched.get(runs[i]);
    }
    db.sql(
            """
            select found.* from unnest(:runs::text[], :after::bigint[]) as watched (run, after)
            join lateral (
              select * from event where run_id = watched.run and seq > watched.after
              order by seq limit :most) found on true
            order by found.seq
            """)
        .param("runs", runs)
        .param("after", after)
        .param("most", EventQueries.MOST)
        .query(
            row -> {
              events
                  .computeIfAbsent(row.getString("run_id"), run -> new ArrayList<>())
                  .add(EventQueries.event(row, 0));
            });
    return events;
  }

  private record Head(RunStatus status, int done, int total, long lines) {}
}
