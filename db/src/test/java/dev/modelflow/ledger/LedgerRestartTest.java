package dev.modelflow.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelflow.services.LocalPostgres;
import dev.modelflow.services.ReservedPort;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
class LedgerRestartTest {
  private static final String USER = "postgres";

  private final ReservedPort port = new ReservedPort();

  @AfterEach
  void freePort() {
    port.close();
  }

  @Test
  void callsWaitWhilePostgresRestartsAndNothingThatWasCommittedIsLost(@TempDir Path folder)
      throws Exception {
    EmbeddedPostgres postgres = start(folder);
    LedgerConfig config =
        new LedgerConfig("jdbc:postgresql://127.0.0.1:" + port.number() + "/postgres", USER, USER);
    try (Ledger ledger = Ledger.open(config)) {
      Run before = create(ledger, "before");
      postgres.close();
      awaitEnd(folder);
      CompletableFuture<Run> during = CompletableFuture.supplyAsync(() -> create(ledger, "during"));
      TimeUnit.MILLISECONDS.sleep(500);
      assertThat(during).isNotDone();
      postgres = start(folder);
      during.get(60, TimeUnit.SECONDS);
      assertThat(ledger.runs().unfinished()).containsExactly(before.id(), "during");
      assertThat(ledger.audit().verify().firstBroken()).isNull();
    } finally {
      postgres.close();
    }
  }

  private static Run create(Ledger ledger, String id) {
    return ledger
        .runs()
        .create(
            new NewRun(
                id,
                "default",
                LedgerFixture.twoStages(),
                RunOrigin.none(),
                Map.of(),
                Map.of(),
                "tester"));
  }

  private EmbeddedPostgres start(Path folder) throws IOException {
    return LocalPostgres.builder()
        .setPort(port.number())
        .setDataDirectory(folder.resolve("data"))
        .setCleanDataDirectory(false)
        .start();
  }

  /** Returns when Postgres has ended: closing it waits five seconds and no longer. */
  private void awaitEnd(Path folder) throws InterruptedException {
    while (Files.exists(folder.resolve("data/postmaster.pid")) || listens()) {
      Thread.sleep(20);
    }
  }

  private boolean listens() {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port.number())) {
      return socket.isConnected();
    } catch (IOException refused) {
      return false;
    }
  }
}
