package dev.modelflow.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelflow.services.LocalPostgres;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A network that swallows everything and tells nobody. */
@Timeout(180)
class SilentLinkTest {
  private static final String USER = "postgres";
  private static final Duration PATIENCE = Duration.ofSeconds(6);

  @Test
  void nobodyWaitsForEverOverALinkThatFellSilentAndNoLockStays(@TempDir Path folder)
      throws Exception {
    try (EmbeddedPostgres postgres =
            LocalPostgres.builder().setDataDirectory(folder.resolve("data")).start();
        Link link = new Link(postgres.getPort());
        Ledger far = open(link.port());
        Ledger near = open(postgres.getPort())) {
      near.transactions().run(() -> near.jdbc().sql("create table held (id int)").update());
      CompletableFuture<Boolean> hanging =
          CompletableFuture.supplyAsync(() -> lockAndGoOn(far, link));

      assertThat(hanging.get(30, TimeUnit.SECONDS)).isTrue();
      // The server gives up the transaction whose client is not heard of.
      near.transactions().run(() -> near.jdbc().sql("lock table held in exclusive mode").update());
    }
  }

  /** Locks a table; the link falls silent; true when the work was done again over a new one. */
  private static boolean lockAndGoOn(Ledger far, Link link) {
    return far.transactions()
        .in(
            () -> {
              far.jdbc().sql("lock table held in exclusive mode").update();
              link.fallSilent();
              return far.jdbc().sql("select true").query(Boolean.class).single();
            });
  }

  private static Ledger open(int port) {
    return Ledger.open(
        new LedgerConfig(
            "jdbc:postgresql://127.0.0.1:" + port + "/postgres", USER, USER, 2, PATIENCE));
  }

  /** Passes bytes on, until it falls silent for the connections that it has. */
  private static final class Link implements AutoCloseable {
    private final ServerSocket socket = new ServerSocket(0, 9, InetAddress.getLoopbackAddress());
    private final int server;
    private final AtomicInteger age = new AtomicInteger();

    Link(int server) throws IOException {
      this.server = server;
      Thread.ofPlatform().daemon().start(this::accept);
    }

    int port() {
      return socket.getLocalPort();
    }

    /** Once; later connections work. */
    void fallSilent() {
      age.set(1);
    }

    private void accept() {
      while (!socket.isClosed()) {
        try {
          Socket near = socket.accept();
          Socket far = new Socket(InetAddress.getLoopbackAddress(), server);
          int born = age.get();
          pass(near.getInputStream(), far.getOutputStream(), born);
          pass(far.getInputStream(), near.getOutputStream(), born);
        } catch (IOException closed) {
          return;
        }
      }
    }

    private void pass(InputStream in, OutputStream out, int born) {
      Thread.ofPlatform()
          .daemon()
          .start(
              () -> {
                byte[] buffer = new byte[8192];
                try {
                  for (int read = in.read(buffer); read > 0; read = in.read(buffer)) {
                    if (born == age.get()) {
                      out.write(buffer, 0, read);
                    }
                  }
                  if (born == age.get()) {
                    out.close();
                  }
                } catch (IOException gone) {
                  // One side closed; the other one learns it by itself.
                }
              });
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
