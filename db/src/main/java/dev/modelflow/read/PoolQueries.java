package dev.modelflow.read;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Questions about pools: those that have workers, and those that unfinished stages ask for. */
public final class PoolQueries {
  private final JdbcClient db;

  /** Asks the ledger behind {@code db}. */
  public PoolQueries(JdbcClient db) {
    this.db = db;
  }

  /** Every pool in order of names. */
  public List<PoolView> all() {
    Map<String, List<WorkerView>> workers = new TreeMap<>();
    new WorkerQueries(db)
        .all()
        .forEach(
            worker ->
                workers.computeIfAbsent(worker.pool(), pool -> new ArrayList<>()).add(worker));
    Map<String, long[]> demand = demand();
    demand.keySet().forEach(pool -> workers.computeIfAbsent(pool, name -> new ArrayList<>()));
    return workers.entrySet().stream()
        .map(
            pool -> {
              long[] counts = demand.getOrDefault(pool.getKey(), new long[2]);
              return new PoolView(
                  pool.getKey(), List.copyOf(pool.getValue()), counts[0], counts[1]);
            })
        .toList();
  }

  private Map<String, long[]> demand() {
    Map<String, long[]> demand = new TreeMap<>();
    db.sql(
            """
            select stage.pool, count(*) filter (where stage.status = 'running') as running,
                   count(*) filter (where stage.status = 'waiting') as waiting
            from run join stage on stage.run_id = run.id
            where run.status in ('queued', 'running', 'cancelling')
              and stage.status in ('running', 'waiting')
            group by stage.pool
            """)
        .query(
            row -> {
              demand.put(
                  row.getString("pool"),
                  new long[] {row.getLong("running"), row.getLong("waiting")});
            });
    return demand;
  }
}
