package dev.modelflow.objects;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.modelflow.domain.Digest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What an inventory asks a store that answers as it is told. */
class InventoryTest {
  private static final Duration AGE = Duration.ofDays(1);
  private static final Answer OLD = new Answer(200, Duration.ofDays(30), "");
  private static final Answer NEW = new Answer(200, Duration.ZERO, "");
  private static final Answer GONE = new Answer(404, Duration.ZERO, "");
  private static final Answer DONE = new Answer(204, Duration.ZERO, "");
  private static final Answer AWAY =
      new Answer(503, Duration.ZERO, "<Error><Code>SlowDown</Code></Error>");

  private static final Inventory.Guard NOBODY =
      new Inventory.Guard() {
        @Override
        public void around(Inventory.Stored object, Runnable removal) {
          removal.run();
        }

        @Override
        public void confirm() {}
      };

  private final Store store = new Store();
  private final Inventory inventory = Inventory.open(store.config());

  InventoryTest() throws IOException {}

  @AfterEach
  void close() {
    inventory.close();
    store.server.stop(0);
  }

  @Test
  void whatIsNewWhenItsRemovalIsTriedAgainStays() {
    store.answers.addAll(List.of(OLD, AWAY, NEW));
    assertThat(inventory.remove(object(1), AGE, NOBODY)).isFalse();
    assertThat(store.asked()).containsExactly("HEAD", "DELETE", "HEAD");
  }

  @Test
  void whatWentWithoutAnAnswerWasRemoved() {
    store.answers.addAll(List.of(OLD, AWAY, GONE));
    assertThat(inventory.remove(object(1), AGE, NOBODY)).isTrue();
  }

  @Test
  void whatIsOldGoesAndWhatIsGoneWasNotRemoved() {
    store.answers.addAll(List.of(OLD, DONE, GONE, NEW));
    assertThat(inventory.remove(object(1), AGE, NOBODY)).isTrue();
    assertThat(inventory.remove(object(1), AGE, NOBODY)).isFalse();
    assertThat(inventory.remove(object(1), AGE, NOBODY)).isFalse();
    assertThat(store.asked()).containsExactly("HEAD", "DELETE", "HEAD", "HEAD");
  }

  @Test
  void aListGoesOnWhereItWasWhenTheStoreWasAway() {
    store.answers.addAll(List.of(objects(1, 2), AWAY, objects(3), objects()));
    List<Inventory.Stored> found = new ArrayList<>();
    inventory.olderThan(AGE, 2, found::addAll);
    assertThat(found).containsExactly(object(1), object(2), object(3));
    String further = "start-after=objects%2F00%2F" + object(2).key().substring(11);
    assertThat(store.requests.subList(1, 3)).allMatch(it -> it.contains(further));
    assertThat(store.requests).hasSize(4);
  }

  @Test
  void uploadsBehindTheFirstPageAreSeen() {
    store.answers.addAll(List.of(uploads(true, 1, 2), uploads(false, 3)));
    assertThat(inventory.brokenOff(AGE, true)).isEqualTo(3);
    assertThat(store.requests.getLast()).contains("key-marker=objects%2F", "upload-id-marker=u2");
  }

  private static Inventory.Stored object(int number) {
    Digest digest = new Digest("%064x".formatted(number));
    return new Inventory.Stored(ObjectStore.key(digest), Optional.of(digest), 7);
  }

  private static Answer objects(int... numbers) {
    String contents =
        IntStream.of(numbers)
            .mapToObj(
                number ->
                    "<Contents><Key>%s</Key><LastModified>2020-01-01T00:00:00.000Z</LastModified><ETag>e</ETag><Size>7</Size></Contents>"
                        .formatted(object(number).key()))
            .collect(Collectors.joining());
    return new Answer(
        200,
        Duration.ZERO,
        "<ListBucketResult><Name>bucket</Name><IsTruncated>%s</IsTruncated><NextContinuationToken>t</NextContinuationToken>%s</ListBucketResult>"
            .formatted(numbers.length == 2, contents));
  }

  private static Answer uploads(boolean truncated, int... numbers) {
    String all =
        IntStream.of(numbers)
            .mapToObj(
                number ->
                    "<Upload><Key>%s</Key><UploadId>u%d</UploadId><Initiator><ID>i</ID><DisplayName>i</DisplayName></Initiator><Owner><ID>o</ID><DisplayName>o</DisplayName></Owner><StorageClass>STANDARD</StorageClass><Initiated>2020-01-01T00:00:00.000Z</Initiated></Upload>"
                        .formatted(object(number).key(), number))
            .collect(Collectors.joining());
    int last = numbers[numbers.length - 1];
    return new Answer(
        200,
        Duration.ZERO,
        "<ListMultipartUploadsResult><Bucket>bucket</Bucket><MaxUploads>2</MaxUploads><NextKeyMarker>%s</NextKeyMarker><NextUploadIdMarker>u%d</NextUploadIdMarker><IsTruncated>%s</IsTruncated>%s</ListMultipartUploadsResult>"
            .formatted(object(last).key(), last, truncated, all));
  }

  /** An answer about something of this age. */
  private record Answer(int status, Duration age, String body) {}

  /** Gives one answer after the other. */
  private static final class Store {
    private static final DateTimeFormatter HTTP =
        DateTimeFormatter.ofPattern("EEE, dd MMM uuuu HH:mm:ss 'GMT'", Locale.US);

    private final HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    private final Deque<Answer> answers = new ConcurrentLinkedDeque<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();

    Store() throws IOException {
      server.createContext("/", this::answer);
      server.start();
    }

    ObjectStoreConfig config() {
      return new ObjectStoreConfig(
              "http://127.0.0.1:" + server.getAddress().getPort(), "key", "secret-of-it", "bucket")
          .patient(Duration.ofSeconds(20));
    }

    List<String> asked() {
      return requests.stream().map(it -> it.substring(0, it.indexOf(' '))).toList();
    }

    private void answer(HttpExchange exchange) throws IOException {
      requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
      Answer answer = answers.pop();
      exchange.getResponseHeaders().add("Last-Modified", time(answer.age()));
      exchange.getResponseHeaders().add("Content-Type", "application/xml");
      byte[] body = answer.body().getBytes(UTF_8);
      boolean bodiless = exchange.getRequestMethod().equals("HEAD") || body.length == 0;
      exchange.sendResponseHeaders(answer.status(), bodiless ? -1 : body.length);
      if (!bodiless) {
        exchange.getResponseBody().write(body);
      }
      exchange.close();
    }

    private static String time(Duration age) {
      return HTTP.format(Instant.now().minus(age).atOffset(ZoneOffset.UTC));
    }
  }
}
