package dev.modelflow.ledger;

import dev.modelflow.domain.Digest;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Which objects artifacts list, and the order of those who need objects and those who remove them.
 */
public final class Owners {
  /** Of Postgres' advisory locks, which are numbers that only this database's clients know. */
  private static final long LOCK = 0x6d6f64656c666cL;

  private final JdbcClient jdbc;
  private final Transactions transactions;

  Owners(JdbcClient jdbc, Transactions transactions) {
    this.jdbc = jdbc;
    this.transactions = transactions;
  }

  /** Whether the ledger lists any object. */
  public boolean any() {
    return transactions.in(
        () ->
            jdbc.sql("select exists (select 1 from artifact_file)").query(Boolean.class).single());
  }

  /** Those of {@code objects} that an artifact lists. */
  public Set<Digest> owned(List<Digest> objects) {
    String[] names = objects.stream().map(Digest::hex).toArray(String[]::new);
    return transactions.read(
        () ->
            new HashSet<>(
                jdbc.sql("select distinct sha256 from artifact_file where sha256 = any (:names)")
                    .param("names", names)
                    .query((row, number) -> new Digest(row.getString(1)))
                    .list()));
  }

  /**
   * Does {@code work}, which removes objects, while nobody returns from {@link #claim}. Claims wait
   * that long, so it is to be short; and Postgres lets them go on when it has not heard of us for
   * half the ledger's patience, so between its longer steps {@code work} calls {@link #confirm}.
   * Begins again when the connection was lost.
   */
  public void whileNobodyClaims(Runnable work) {
    transactions.run(
        () -> {
          lock("pg_advisory_xact_lock");
          work.run();
        });
  }

  /**
   * Within {@link #whileNobodyClaims}: returns when nobody has claimed since it began, and begins
   * the time anew for which Postgres waits to hear of us.
   *
   * @throws org.springframework.dao.DataAccessException when claims may have gone on
   */
  public void confirm() {
    transactions.in(() -> jdbc.sql("select 1").query(Integer.class).single());
  }

  /**
   * Returns when all that was being removed is removed: an object that is there now, and new, stays
   * until an artifact can list it.
   */
  public void claim() {
    // Its own transaction: what is waited for is over when it has the lock.
    transactions.write(() -> lock("pg_advisory_xact_lock_shared"));
  }

  private void lock(String function) {
    jdbc.sql("select 1 from (select " + function + "(:lock)) as held")
        .param("lock", LOCK)
        .query(Integer.class)
        .single();
  }
}
