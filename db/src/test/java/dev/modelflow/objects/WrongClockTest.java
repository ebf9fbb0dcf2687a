package dev.modelflow.objects;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelflow.domain.Digest;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** S3 refuses signatures of a clock that is off; clocks are set right by themselves. */
@Timeout(60)
class WrongClockTest {
  private static final Duration RIGHT = Duration.ZERO;
  private static final Duration WRONG = Duration.ofMinutes(32);

  @Test
  void aRefusedSignatureIsTriedAgainWhileTheClocksAreApart() throws IOException {
    try (Server server =
            new Server(new Answer(200, RIGHT), new Answer(403, WRONG), new Answer(404, RIGHT));
        ObjectStore store = ObjectStore.open(server.config(Duration.ofSeconds(30)))) {
      assertThat(store.stat(Digest.of("x"))).isEmpty();
    }
  }

  @Test
  void clocksThatStayApartAreNamed() throws IOException {
    try (Server server = new Server(new Answer(200, RIGHT), new Answer(403, WRONG));
        ObjectStore store = ObjectStore.open(server.config(Duration.ofMillis(300)))) {
      assertThatThrownBy(() -> store.stat(Digest.of("x")))
          .isInstanceOf(ObjectStoreException.class)
          .hasMessageEndingWith(
              "; the clocks of this machine and of the server are 32 minutes apart: set them right");
    }
  }

  @Test
  void aKeyThatMayNotIsRefusedAtOnce() throws IOException {
    try (Server server =
            new Server(new Answer(200, RIGHT), new Answer(403, RIGHT), new Answer(404, RIGHT));
        ObjectStore store = ObjectStore.open(server.config(Duration.ofSeconds(30)))) {
      assertThatThrownBy(() -> store.stat(Digest.of("x")))
          .isInstanceOf(ObjectStoreException.class)
          .hasMessageStartingWith("Could not look for object ");
    }
  }

  /** Is dated when it is given, so far ahead that its minute is not over before it is read. */
  private record Answer(int status, Duration ahead) {
    String text() {
      String date =
          DateTimeFormatter.RFC_1123_DATE_TIME.format(
              Instant.now().plus(ahead).plusSeconds(30).atOffset(ZoneOffset.UTC));
      return "HTTP/1.1 %d Status\r\nDate: %s\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
          .formatted(status, date);
    }
  }

  /** Answers one request after the other, and all later ones like the last. */
  private static final class Server implements AutoCloseable {
    private final ServerSocket socket = new ServerSocket(0, 9, InetAddress.getLoopbackAddress());
    private final Deque<Answer> answers;

    Server(Answer... answers) throws IOException {
      this.answers = new ArrayDeque<>(List.of(answers));
      Thread.ofVirtual().start(this::serve);
    }

    ObjectStoreConfig config(Duration patience) {
      return new ObjectStoreConfig(
          "http://127.0.0.1:" + socket.getLocalPort(),
          "key",
          "secret-of-the-key",
          "bucket",
          patience,
          null);
    }

    private void serve() {
      while (!socket.isClosed()) {
        try (Socket client = socket.accept();
            BufferedReader request =
                new BufferedReader(new InputStreamReader(client.getInputStream(), US_ASCII))) {
          while (!request.readLine().isEmpty()) {
            // Only the order of the requests counts.
          }
          Answer answer = answers.size() > 1 ? answers.pop() : answers.getFirst();
          client.getOutputStream().write(answer.text().getBytes(US_ASCII));
        } catch (IOException closed) {
          return;
        }
      }
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
