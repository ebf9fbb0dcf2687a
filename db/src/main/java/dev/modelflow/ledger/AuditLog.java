package dev.modelflow.ledger;

import dev.modelflow.domain.CanonicalJson;
import dev.modelflow.domain.Digest;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Who did what, in a chain of hashes: each entry's hash covers the one before it, so that a
 * changed, removed or inserted entry is found by {@link #verify}.
 */
public final class AuditLog {
  private static final Digest BEGINNING = Digest.of("modelflow audit log");
  private static final long LOCK = 0x6d6f64656c666c6fL;

  private final JdbcClient jdbc;
  private final Transactions transactions;

  /** A log in the database of {@code jdbc}. */
  AuditLog(JdbcClient jdbc, Transactions transactions) {
    this.jdbc = jdbc;
    this.transactions = transactions;
  }

  /**
   * Adds an entry, in the caller's transaction when there is one.
   *
   * @param actor who did it
   * @param action what, e.g. {@code cancel-run}
   * @param subject to what, e.g. a run's id
   * @param detail a tree that {@link CanonicalJson} can write
   */
  public void append(
      String actor, String action, String subject, Map<String, ? extends @Nullable Object> detail) {
    transactions.run(
        () -> {
          // Appends wait for each other: an entry needs the hash of the one before it.
          jdbc.sql("select pg_advisory_xact_lock(:key)::text")
              .param("key", LOCK)
              .query(String.class)
              .list();
          Optional<Entry> last =
              jdbc.sql("select * from audit_event order by seq desc limit 1")
                  .query(AuditLog::entry)
                  .optional();
          long seq = last.map(Entry::seq).orElse(0L) + 1;
          Digest before = last.map(Entry::hash).orElse(BEGINNING);
          Instant at = Instant.now().truncatedTo(ChronoUnit.MILLIS);
          insert(Entry.of(seq, at, actor, action, subject, CanonicalJson.write(detail), before));
        });
  }

  private void insert(Entry entry) {
    jdbc.sql(
            """
            insert into audit_event (seq, at, actor, action, subject, detail, prev_hash, hash)
            values (:seq, :at, :actor, :action, :subject, :detail, :before, :hash)
            """)
        .param("seq", entry.seq())
        .param("at", Timestamp.from(entry.at()))
        .param("actor", entry.actor())
        .param("action", entry.action())
        .param("subject", entry.subject())
        .param("detail", entry.detail())
        .param("before", entry.before().hex())
        .param("hash", entry.hash().hex())
        .update();
  }

  /** Walks the whole log; the sequence number of the first entry that does not fit, if any. */
  public Verdict verify() {
    return transactions.in(
        () -> {
          Walk walk = new Walk();
          jdbc.sql("select * from audit_event order by seq")
              .query(
                  row -> {
                    walk.step(entry(row, 0));
                  });
          return new Verdict(walk.entries, walk.firstBroken);
        });
  }

  private static Entry entry(ResultSet row, int number) throws SQLException {
    return new Entry(
        row.getLong("seq"),
        row.getTimestamp("at").toInstant(),
        row.getString("actor"),
        row.getString("action"),
        row.getString("subject"),
        row.getString("detail"),
        new Digest(row.getString("prev_hash")),
        new Digest(row.getString("hash")));
  }

  /**
   * What a walk over the log found.
   *
   * @param entries how many there are
   * @param firstBroken sequence number of the first that does not fit; null when all do
   */
  public record Verdict(long entries, @Nullable Long firstBroken) {}

  private static final class Walk {
    private long entries;
    private Digest before = BEGINNING;
    private @Nullable Long firstBroken;

    private void step(Entry entry) {
      entries++;
      boolean fits =
          entry.seq() == entries
              && entry.before().equals(before)
              && entry.hash().equals(entry.computed());
      if (!fits && firstBroken == null) {
        firstBroken = entry.seq();
      }
      before = entry.hash();
    }
  }

  private record Entry(
      long seq,
      Instant at,
      String actor,
      String action,
      String subject,
      String detail,
      Digest before,
      Digest hash) {
    private static Entry of(
        long seq,
        Instant at,
        String actor,
        String action,
        String subject,
        String detail,
        Digest before) {
      Entry draft = new Entry(seq, at, actor, action, subject, detail, before, before);
      return new Entry(seq, at, actor, action, subject, detail, before, draft.computed());
    }

    private Digest computed() {
      return Digest.of(
          before.hex()
              + CanonicalJson.write(
                  Map.of(
                      "seq", seq,
                      "at", at.toString(),
                      "actor", actor,
                      "action", action,
                      "subject", subject,
                      "detail", detail)));
    }
  }
}
