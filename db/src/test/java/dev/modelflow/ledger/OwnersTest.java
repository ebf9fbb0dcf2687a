package dev.modelflow.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelflow.services.TestServices;
import dev.modelflow.services.UsesServices;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@UsesServices
class OwnersTest {
  private static final Duration PATIENCE = Duration.ofSeconds(4);

  /** So long Postgres waits to hear of whoever is in a transaction. */
  private static final Duration IDLE = PATIENCE.dividedBy(2);

  private final Ledger ledger = open();
  private final Owners owners = ledger.owners();

  @AfterEach
  void close() {
    ledger.close();
  }

  @Test
  void claimsWaitForRemovalsThatTakeLongerThanPostgresWaitsForAnIdleTransaction() throws Exception {
    Queue<String> order = new ConcurrentLinkedQueue<>();
    CountDownLatch begun = new CountDownLatch(1);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<?> claim =
          threads.submit(
              () -> {
                begun.await();
                owners.claim();
                return order.add("claimed");
              });
      owners.whileNobodyClaims(
          () -> {
            begun.countDown();
            for (int i = 0; i < 3; i++) {
              slowStep(IDLE.dividedBy(2));
              owners.confirm();
              order.add("removed");
            }
          });
      claim.get();
    }
    assertThat(order).containsExactly("removed", "removed", "removed", "claimed");
  }

  @Test
  void aRemovalThatWasNotHeardOfForTooLongIsNotConfirmedAndBeginsAgain() {
    AtomicInteger begun = new AtomicInteger();
    AtomicInteger confirmed = new AtomicInteger();
    owners.whileNobodyClaims(
        () -> {
          if (begun.incrementAndGet() == 1) {
            slowStep(IDLE.plusMillis(500));
          }
          owners.confirm();
          confirmed.incrementAndGet();
        });
    assertThat(begun).hasValue(2);
    assertThat(confirmed).hasValue(1);
  }

  private static Ledger open() {
    LedgerConfig config = TestServices.freshLedger();
    return Ledger.open(
        new LedgerConfig(config.url(), config.user(), config.password(), 3, PATIENCE));
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
