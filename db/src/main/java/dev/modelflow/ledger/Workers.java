package dev.modelflow.ledger;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Workers that were heard of, and which code they would do a stage's work with. */
public final class Workers {
  private final JdbcClient jdbc;
  private final Transactions transactions;

  Workers(JdbcClient jdbc, Transactions transactions) {
    this.jdbc = jdbc;
    this.transactions = transactions;
  }

  /**
   * Records a worker that starts.
   *
   * @param devices what its attempts run on, one each at a time
   * @param kinds kind of stage → version of the code that does its work
   */
  public void register(
      String id,
      String pool,
      String host,
      long pid,
      List<String> devices,
      Map<String, String> kinds) {
    transactions.run(
        () ->
            jdbc.sql(
                    """
                    insert into worker (id, pool, host, pid, devices, kinds)
                    values (:id, :pool, :host, :pid, :devices::jsonb, :kinds::jsonb)
                    on conflict (id) do update set pool = excluded.pool, host = excluded.host,
                      pid = excluded.pid, devices = excluded.devices, kinds = excluded.kinds,
                      started_at = now(), last_heard_at = now(), doing = null
                    """)
                .param("id", id)
                .param("pool", pool)
                .param("host", host)
                .param("pid", pid)
                .param("devices", Json.write(devices))
                .param("kinds", Json.write(kinds))
                .update());
  }

  /** Says that a worker lives, and what it does. */
  public void heard(String id, @Nullable String doing) {
    transactions.run(
        () ->
            jdbc.sql("update worker set last_heard_at = now(), doing = :doing where id = :id")
                .param("id", id)
                .param("doing", doing)
                .update());
  }

  /** The version of the code with which the pool's newest worker does stages of this kind. */
  public Optional<String> codeVersion(String pool, String kind) {
    return transactions.in(
        () ->
            jdbc.sql(
                    """
                    select kinds ->> :kind from worker where pool = :pool and kinds ->> :kind <> ''
                    order by last_heard_at > now() - interval '1 minute' desc, started_at desc
                    limit 1
                    """)
                .param("pool", pool)
                .param("kind", kind)
                .query(String.class)
                .optional());
  }
}
