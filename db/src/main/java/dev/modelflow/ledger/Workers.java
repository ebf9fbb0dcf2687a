package dev.modelflow.ledger;

import dev.modelflow.domain.WorkerDuty;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Workers that were heard of, what people told each of them, and which code they would do a stage's
 * work with.
 */
public final class Workers {
  /** SQL: after so long without a sign of life a worker is taken for lost. */
  public static final String LOST = "last_heard_at < now() - interval '30 seconds'";

  private final JdbcClient jdbc;
  private final Transactions transactions;
  private final AuditLog audit;

  Workers(JdbcClient jdbc, Transactions transactions, AuditLog audit) {
    this.jdbc = jdbc;
    this.transactions = transactions;
    this.audit = audit;
  }

  /** Records a worker that starts; returns what it was told to do, also before it started anew. */
  public WorkerDuty register(NewWorker worker) {
    return WorkerDuty.of(
        transactions.in(
            () ->
                jdbc.sql(
                        """
                    insert into worker (id, pool, host, pid, cores, memory, devices, labels,
                      version, kinds)
                    values (:id, :pool, :host, :pid, :cores, :memory, :devices::jsonb,
                      :labels::jsonb, :version, :kinds::jsonb)
                    on conflict (id) do update set pool = excluded.pool, host = excluded.host,
                      pid = excluded.pid, cores = excluded.cores, memory = excluded.memory,
                      devices = excluded.devices, labels = excluded.labels,
                      version = excluded.version, kinds = excluded.kinds,
                      started_at = now(), last_heard_at = now(), doing = null, ended_at = null
                    returning duty
                    """)
                    .param("id", worker.id())
                    .param("pool", worker.pool())
                    .param("host", worker.host())
                    .param("pid", worker.pid())
                    .param("cores", worker.cores())
                    .param("memory", worker.memory())
                    .param("devices", Json.write(worker.devices()))
                    .param("labels", Json.write(worker.labels()))
                    .param("version", worker.version())
                    .param("kinds", Json.write(worker.kinds()))
                    .query(String.class)
                    .single()));
  }

  /**
   * Says that a worker lives, and what it does. Returns what it was told to do; empty when the
   * ledger does not know it, because a person had it forgotten or the ledger is an older one.
   */
  public Optional<WorkerDuty> heard(String id, @Nullable String doing) {
    return transactions
        .in(
            () ->
                jdbc.sql(
                        """
                        update worker set last_heard_at = now(), doing = :doing, ended_at = null
                        where id = :id
                        returning duty
                        """)
                    .param("id", id)
                    .param("doing", doing)
                    .query(String.class)
                    .optional())
        .map(WorkerDuty::of);
  }

  /** Says that a worker's process ends in good order. */
  public void end(String id) {
    transactions.run(
        () ->
            jdbc.sql(
                    """
                    update worker set last_heard_at = now(), doing = null, ended_at = now()
                    where id = :id
                    """)
                .param("id", id)
                .update());
  }

  /**
   * Tells a worker what to do, which it learns when it is heard the next time.
   *
   * @return false when it was told so before, or is not known
   */
  public boolean assign(String id, WorkerDuty duty, String actor) {
    return transactions.in(
        () -> {
          boolean changed =
              jdbc.sql(
                          """
                          update worker set duty = :duty, duty_by = :actor, duty_since = now()
                          where id = :id and duty <> :duty
                          """)
                      .param("id", id)
                      .param("duty", duty.word())
                      .param("actor", actor)
                      .update()
                  == 1;
          if (changed) {
            audit.append(actor, action(duty), id, Map.of());
          }
          return changed;
        });
  }

  private static String action(WorkerDuty duty) {
    return switch (duty) {
      case READY -> "uncordon-worker";
      case CORDONED -> "cordon-worker";
      case DRAINED -> "drain-worker";
    };
  }

  /**
   * Drops a worker that was lost or ended; false when it lives or is not known. What it did stays
   * recorded.
   */
  public boolean forget(String id, String actor) {
    return transactions.in(
        () -> {
          boolean dropped =
              jdbc.sql(
                          "delete from worker where id = :id and (ended_at is not null or "
                              + LOST
                              + ")")
                      .param("id", id)
                      .update()
                  == 1;
          if (dropped) {
            audit.append(actor, "forget-worker", id, Map.of());
          }
          return dropped;
        });
  }

  /**
   * The version of the code with which the pool's newest worker does this work.
   *
   * @param kind a kind of stage, with the trainer that it names, see {@link
   *     dev.modelflow.domain.TrainerName#work}
   */
  public Optional<String> codeVersion(String pool, String kind) {
    return transactions.read(
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
