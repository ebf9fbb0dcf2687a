package dev.modelflow.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelflow.domain.ArtifactKind;
import dev.modelflow.domain.Digest;
import dev.modelflow.domain.Manifest;
import dev.modelflow.domain.ManifestFile;
import dev.modelflow.ledger.Ledger;
import dev.modelflow.ledger.LedgerConfig;
import dev.modelflow.objects.FakeStore;
import dev.modelflow.objects.FakeStore.Answer;
import dev.modelflow.objects.Inventory;
import dev.modelflow.services.TestServices;
import dev.modelflow.services.UsesServices;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A store that takes longer over some objects than Postgres waits for an idle transaction. */
@UsesServices
class SlowStoreTest {
  private static final Duration PATIENCE = Duration.ofSeconds(8);

  /** Six of them take longer than half the patience, and each a small part of it. */
  private static final Duration ANSWER = PATIENCE.dividedBy(10);

  private static final List<String> KEYS =
      IntStream.rangeClosed(1, 3).mapToObj(n -> "objects/00/%064x".formatted(n)).toList();

  private final Ledger ledger = open();
  private final Queue<Boolean> claimsWaited = new ConcurrentLinkedQueue<>();
  private final FakeStore store = new FakeStore(this::answer);
  private final Inventory inventory = Inventory.open(store.config());

  @AfterEach
  void close() {
    inventory.close();
    store.close();
    ledger.close();
  }

  @Test
  void claimsWaitWheneverAnObjectIsRemoved() {
    ManifestFile owned = new ManifestFile("file", 1, Digest.of("owned"));
    ledger.artifacts().record(new Manifest(ArtifactKind.CORPUS, List.of(owned), Map.of()));
    assertThat(new Sweep(ledger, inventory, Sweep.SHORTEST).run(false))
        .isEqualTo(new Swept(3, 21, 0));
    assertThat(claimsWaited).containsExactly(true, true, true);
  }

  private Answer answer(String request) {
    if (request.startsWith("GET")) {
      return request.contains("uploads")
          ? Answer.uploads(false, List.of())
          : Answer.listing(false, request.contains("prefix=objects") ? KEYS : List.of());
    }
    takeLong();
    if (request.startsWith("HEAD")) {
      return Answer.object(Duration.ofDays(30));
    }
    claimsWaited.add(isLocked());
    return Answer.DONE;
  }

  private static void takeLong() {
    try {
      Thread.sleep(ANSWER);
    } catch (InterruptedException stop) {
      throw new IllegalStateException(stop);
    }
  }

  private boolean isLocked() {
    return ledger
        .jdbc()
        .sql(
            """
            select count(*) = 1 from pg_locks join pg_database on pg_database.oid = database
            where locktype = 'advisory' and mode = 'ExclusiveLock' and granted
              and datname = current_database()
            """)
        .query(Boolean.class)
        .single();
  }

  private static Ledger open() {
    LedgerConfig config = TestServices.freshLedger();
    return Ledger.open(
        new LedgerConfig(config.url(), config.user(), config.password(), 3, PATIENCE));
  }
}
