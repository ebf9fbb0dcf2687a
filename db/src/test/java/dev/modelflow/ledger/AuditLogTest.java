package dev.modelflow.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelflow.services.UsesServices;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@UsesServices
class AuditLogTest {
  private final LedgerFixture fixture = new LedgerFixture();
  private final Ledger ledger = fixture.ledger();

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void anUntouchedLogIsWhole() {
    append(3);
    assertThat(ledger.audit().verify()).isEqualTo(new AuditLog.Verdict(3, null));
  }

  @Test
  void aChangedEntryIsFound() {
    append(4);
    tamper("update audit_event set actor = 'nobody' where seq = 2");
    assertThat(ledger.audit().verify().firstBroken()).isEqualTo(2);
  }

  @Test
  void aRemovedEntryIsFound() {
    append(4);
    tamper("delete from audit_event where seq = 2");
    assertThat(ledger.audit().verify().firstBroken()).isEqualTo(3);
  }

  @Test
  void entriesFromManyThreadsMakeOneChain() throws InterruptedException {
    List<Thread> threads = new ArrayList<>();
    for (int thread = 0; thread < 6; thread++) {
      threads.add(Thread.ofVirtual().start(() -> append(5)));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(ledger.audit().verify()).isEqualTo(new AuditLog.Verdict(30, null));
  }

  private void append(int times) {
    for (int i = 0; i < times; i++) {
      ledger.audit().append("tester", "test", "subject", Map.of("number", i));
    }
  }

  private void tamper(String statement) {
    ledger.jdbc().sql(statement).update();
  }
}
