package dev.modelflow.read;

import dev.modelflow.domain.WorkerDevice;
import dev.modelflow.domain.WorkerDuty;
import dev.modelflow.domain.WorkerState;
import dev.modelflow.ledger.Workers;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/** Questions about workers. */
public final class WorkerQueries {
  private static final String COLUMNS =
      "select worker.*, " + Workers.LOST + " as lost from worker ";

  private static final String LISTED =
      """
      where last_heard_at > now() - interval '30 days'
        and (ended_at is null or ended_at > now() - interval '1 day')
      """;

  // An attempt from before the worker's last start died with the process that had it.
  private static final String DOING =
      """
      select attempt.worker, run.id as run, run.name, stage.name as stage, attempt.epoch,
             attempt.started_at as since
      from attempt
      join worker on worker.id = attempt.worker and attempt.started_at >= worker.started_at
      join stage on stage.id = attempt.stage_id
      join run on run.id = stage.run_id
      where attempt.status = 'running'
      """;

  private final JdbcClient db;

  /** Asks the ledger behind {@code db}. */
  public WorkerQueries(JdbcClient db) {
    this.db = db;
  }

  /**
   * Every worker that lives, was ended in the last day or was lost in the last 30 days, in order of
   * pools and names.
   */
  public List<WorkerView> all() {
    Map<String, List<WorkerView.Doing>> doing = new HashMap<>();
    db.sql(DOING + "order by since")
        .query(
            row -> {
              doing
                  .computeIfAbsent(row.getString("worker"), id -> new ArrayList<>())
                  .add(doing(row));
            });
    return db.sql(COLUMNS + LISTED + "order by pool, id")
        .query((row, number) -> worker(row, doing.getOrDefault(row.getString("id"), List.of())))
        .list();
  }

  /** The worker of this name. */
  public Optional<WorkerView> find(String id) {
    List<WorkerView.Doing> doing =
        db.sql(DOING + "and attempt.worker = :id order by since")
            .param("id", id)
            .query((row, number) -> doing(row))
            .list();
    return db.sql(COLUMNS + "where id = :id")
        .param("id", id)
        .query((row, number) -> worker(row, doing))
        .optional();
  }

  private static WorkerView.Doing doing(ResultSet row) throws SQLException {
    return new WorkerView.Doing(
        row.getString("run"),
        row.getString("name"),
        row.getString("stage"),
        row.getInt("epoch"),
        Rows.instant(row, "since"));
  }

  private static WorkerView worker(ResultSet row, List<WorkerView.Doing> doing)
      throws SQLException {
    WorkerDuty duty = WorkerDuty.of(row.getString("duty"));
    return new WorkerView(
        row.getString("id"),
        row.getString("pool"),
        WorkerState.of(
            duty, row.getObject("ended_at") != null, row.getBoolean("lost"), !doing.isEmpty()),
        row.getString("host"),
        row.getLong("pid"),
        row.getObject("cores", Integer.class),
        Rows.longOrNull(row, "memory"),
        Rows.json(row, "devices").valueStream().map(WorkerQueries::device).toList(),
        texts(Rows.json(row, "labels")),
        Rows.textOrNull(row, "version"),
        texts(Rows.json(row, "kinds")),
        List.copyOf(doing),
        Rows.instant(row, "started_at"),
        Rows.instant(row, "last_heard_at"),
        Rows.textOrNull(row, "duty_by"),
        Rows.instantOrNull(row, "duty_since"));
  }

  /** Workers of an earlier version wrote no more than a name. */
  private static WorkerDevice device(JsonNode device) {
    if (device.isString()) {
      return new WorkerDevice(device.asString(), device.asString(), null);
    }
    return new WorkerDevice(
        device.path("id").asString(""),
        device.path("name").asString(""),
        device.path("memory").isNumber() ? device.path("memory").asLong() : null);
  }

  private static Map<String, String> texts(JsonNode object) {
    Map<String, String> texts = new TreeMap<>();
    object.forEachEntry((name, value) -> texts.put(name, value.asString("")));
    return texts;
  }
}
