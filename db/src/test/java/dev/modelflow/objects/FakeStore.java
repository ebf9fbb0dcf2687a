package dev.modelflow.objects;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.stream.Collectors;

/** A store that answers as it is told, one request after the other. */
public final class FakeStore implements AutoCloseable {
  private static final DateTimeFormatter HTTP =
      DateTimeFormatter.ofPattern("EEE, dd MMM uuuu HH:mm:ss 'GMT'", Locale.US);

  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final Function<String, Answer> answers;
  private final HttpServer server;

  /**
   * Answers from now on.
   *
   * @param answers to requests such as {@code GET /bucket?uploads}
   */
  public FakeStore(Function<String, Answer> answers) {
    this.answers = answers;
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException failure) {
      throw new UncheckedIOException("Could not start a store", failure);
    }
    server.createContext("/", this::answer);
    server.start();
  }

  /** Where it is. */
  public ObjectStoreConfig config() {
    return new ObjectStoreConfig(
        "http://127.0.0.1:" + server.getAddress().getPort(),
        "key",
        "secret-of-it",
        "bucket",
        Duration.ofSeconds(20),
        null);
  }

  /** What it was asked, in order. */
  public List<String> requests() {
    return requests;
  }

  /** The methods of what it was asked, in order. */
  public List<String> methods() {
    return requests.stream().map(it -> it.substring(0, it.indexOf(' '))).toList();
  }

  private void answer(HttpExchange exchange) throws IOException {
    String request = exchange.getRequestMethod() + " " + exchange.getRequestURI();
    requests.add(request);
    Answer answer = answers.apply(request);
    exchange
        .getResponseHeaders()
        .add(
            "Last-Modified",
            HTTP.format(Instant.now().minus(answer.age()).atOffset(ZoneOffset.UTC)));
    exchange.getResponseHeaders().add("Content-Type", "application/xml");
    byte[] body = answer.body().getBytes(UTF_8);
    boolean bodiless = exchange.getRequestMethod().equals("HEAD") || body.length == 0;
    exchange.sendResponseHeaders(answer.status(), bodiless ? -1 : body.length);
    if (!bodiless) {
      exchange.getResponseBody().write(body);
    }
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
  }

  /**
   * An answer.
   *
   * @param status of HTTP
   * @param age of what was asked for
   * @param body as XML
   */
  public record Answer(int status, Duration age, String body) {
    /** It was done. */
    public static final Answer DONE = new Answer(204, Duration.ZERO, "");

    /** An object of this age. */
    public static Answer object(Duration age) {
      return new Answer(200, age, "");
    }

    /** A page of old objects of 7 bytes. */
    public static Answer listing(boolean truncated, List<String> keys) {
      String objects =
          keys.stream()
              .map(
                  key ->
                      """
                      <Contents><Key>%s</Key><LastModified>2020-01-01T00:00:00.000Z</LastModified>\
                      <ETag>e</ETag><Size>7</Size></Contents>"""
                          .formatted(key))
              .collect(Collectors.joining());
      return page(
          """
          <ListBucketResult><Name>bucket</Name><IsTruncated>%s</IsTruncated>\
          <NextContinuationToken>t</NextContinuationToken>%s</ListBucketResult>"""
              .formatted(truncated, objects));
    }

    /** A page of old uploads, each with the last digit of its object's name as its number. */
    public static Answer uploads(boolean truncated, List<String> keys) {
      String uploads =
          keys.stream()
              .map(
                  key ->
                      """
                      <Upload><Key>%s</Key><UploadId>%s</UploadId>\
                      <Initiator><ID>i</ID><DisplayName>i</DisplayName></Initiator>\
                      <Owner><ID>o</ID><DisplayName>o</DisplayName></Owner>\
                      <StorageClass>STANDARD</StorageClass>\
                      <Initiated>2020-01-01T00:00:00.000Z</Initiated></Upload>"""
                          .formatted(key, id(key)))
              .collect(Collectors.joining());
      String last = keys.isEmpty() ? "" : keys.getLast();
      return page(
          """
          <ListMultipartUploadsResult><Bucket>bucket</Bucket><MaxUploads>1000</MaxUploads>\
          <NextKeyMarker>%s</NextKeyMarker><NextUploadIdMarker>%s</NextUploadIdMarker>\
          <IsTruncated>%s</IsTruncated>%s</ListMultipartUploadsResult>"""
              .formatted(last, id(last), truncated, uploads));
    }

    private static String id(String key) {
      return "u" + key.substring(Math.max(0, key.length() - 1));
    }

    private static Answer page(String xml) {
      return new Answer(200, Duration.ZERO, xml);
    }
  }
}
