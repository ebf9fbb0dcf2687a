package dev.modelflow.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelflow.services.TestServices;
import dev.modelflow.services.UsesServices;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@UsesServices
@Timeout(60)
class OwnersTest {
  private static final Duration PATIENCE = Duration.ofSeconds(8);

  /** So long Postgres waits to hear of whoever is in a transaction. */
  private static final Duration IDLE = PATIENCE.dividedBy(2);

  private final LedgerConfig config = impatient(TestServices.freshLedger());
  private final Ledger ledger = Ledger.open(config);
  private final Owners owners = ledger.owners();

  @AfterEach
  void close() {
    ledger.close();
  }

  @Test
  void claimsWaitForRemovalsThatTakeLongerThanPostgresWaitsForAnIdleTransaction() throws Exception {
    List<List<String>> orders = new CopyOnWriteArrayList<>();
    List<Future<?>> claims = new CopyOnWriteArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      owners.whileNobodyClaims(
          () -> {
            // Work that begins again had lost its lock: what counts is the order since then.
            List<String> order = new CopyOnWriteArrayList<>();
            orders.add(order);
            claims.add(
                threads.submit(
                    () -> {
                      owners.claim();
                      return order.add("claimed");
                    }));
            for (int i = 0; i < 6; i++) {
              slowStep(IDLE.dividedBy(5));
              owners.confirm();
              order.add("removed");
            }
          });
      claims.getLast().get();
    }
    assertThat(orders.getLast())
        .containsExactly(
            "removed", "removed", "removed", "removed", "removed", "removed", "claimed");
  }

  @Test
  void aRemovalThatWasNotHeardOfForTooLongIsNotConfirmedAndBeginsAgain() {
    AtomicInteger begun = new AtomicInteger();
    AtomicInteger confirmed = new AtomicInteger();
    owners.whileNobodyClaims(
        () -> {
          if (begun.incrementAndGet() == 1) {
            awaitEnd(session());
          }
          owners.confirm();
          confirmed.incrementAndGet();
        });
    assertThat(begun).hasValue(2);
    assertThat(confirmed).hasValue(1);
  }

  private static LedgerConfig impatient(LedgerConfig config) {
    return new LedgerConfig(config.url(), config.user(), config.password(), 3, PATIENCE);
  }

  /** The process of Postgres that serves this thread's transaction. */
  private int session() {
    return ledger.jdbc().sql("select pg_backend_pid()").query(Integer.class).single();
  }

  /** Returns when Postgres has ended a session, of which it must not be asked over that session. */
  private void awaitEnd(int session) {
    try (Connection another =
            DriverManager.getConnection(config.url(), config.user(), config.password());
        PreparedStatement query =
            another.prepareStatement("select 1 from pg_stat_activity where pid = ?")) {
      query.setInt(1, session);
      while (findsAny(query)) {
        Thread.sleep(20);
      }
    } catch (SQLException | InterruptedException failure) {
      throw new IllegalStateException(failure);
    }
  }

  private static boolean findsAny(PreparedStatement query) throws SQLException {
    try (ResultSet found = query.executeQuery()) {
      return found.next();
    }
  }

  /** What a store may take for an answer. */
  private static void slowStep(Duration duration) {
    try {
      Thread.sleep(duration);
    } catch (InterruptedException stop) {
      throw new IllegalStateException(stop);
    }
  }
}
