package dev.modelflow.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LedgerRestartTest {
  private static final String USER = "postgres";

  @Test
  void callsWaitWhilePostgresRestartsAndNothingThatWasCommittedIsLost(@TempDir Path folder)
      throws Exception {
    int port = freePort();
    EmbeddedPostgres postgres = start(folder, port);
    LedgerConfig config =
        new LedgerConfig("jdbc:postgresql://127.0.0.1:" + port + "/postgres", USER, USER);
    try (Ledger ledger = Ledger.open(config)) {
      Run before = create(ledger, "before");
      postgres.close();
      CompletableFuture<Run> during = CompletableFuture.supplyAsync(() -> create(ledger, "during"));
      TimeUnit.MILLISECONDS.sleep(500);
      assertThat(during).isNotDone();
      postgres = start(folder, port);
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

  private static EmbeddedPostgres start(Path folder, int port) throws IOException {
    return EmbeddedPostgres.builder()
        .setPort(port)
        .setDataDirectory(folder.resolve("data"))
        .setCleanDataDirectory(false)
        .setServerConfig("listen_addresses", "127.0.0.1")
        .start();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
