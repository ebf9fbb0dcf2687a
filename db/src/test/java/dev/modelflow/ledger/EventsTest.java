package dev.modelflow.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelflow.read.EventQueries;
import dev.modelflow.read.EventView;
import dev.modelflow.services.UsesServices;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@UsesServices
@Timeout(60)
class EventsTest {
  private final LedgerFixture fixture = new LedgerFixture();
  private final Ledger ledger = fixture.ledger();
  private final String run = fixture.create(LedgerFixture.twoStages()).id();

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void aReaderWhoContinuesMissesNoEventOfATransactionThatCommitsLate() throws InterruptedException {
    CountDownLatch added = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    Thread late = new Thread(() -> addLate(added, release));
    late.start();
    added.await();
    Thread prompt =
        new Thread(() -> ledger.events().add(run, "pretrain", Events.Level.INFO, "prompt"));
    prompt.start();
    while (prompt.isAlive() && !aWriterWaits()) {
      Thread.onSpinWait();
    }

    List<EventView> read = new ArrayList<>(after(0));
    release.countDown();
    late.join();
    prompt.join();
    read.addAll(after(read.getLast().seq()));

    assertThat(read).extracting(EventView::message).endsWith("late", "prompt");
  }

  private void addLate(CountDownLatch added, CountDownLatch release) {
    ledger
        .transactions()
        .run(
            () -> {
              ledger.events().add(run, "synthesize", Events.Level.INFO, "late");
              added.countDown();
              try {
                release.await();
              } catch (InterruptedException stopped) {
                throw new IllegalStateException(stopped);
              }
            });
  }

  private boolean aWriterWaits() {
    return ledger
        .jdbc()
        .sql("select exists (select 1 from pg_locks where not granted and locktype = 'advisory')")
        .query(Boolean.class)
        .single();
  }

  private List<EventView> after(long seq) {
    return new EventQueries(ledger.jdbc()).after(run, seq, EventQueries.MOST);
  }
}
