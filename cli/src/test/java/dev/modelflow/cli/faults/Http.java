package dev.modelflow.cli.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** Small requests to a server on loopback. */
final class Http {
  private static final int NOT_FOUND = 404;

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final int port;

  Http(int port) {
    this.port = port;
  }

  /** Throws {@link IllegalStateException} unless the answer is a success. */
  void send(String method, String path, String body) {
    check(method, path, answer(method, path, body));
  }

  /** Like {@link #send}, but content when there is no such thing. */
  void sendUnlessMissing(String method, String path) {
    HttpResponse<String> answer = answer(method, path, "");
    if (answer.statusCode() != NOT_FOUND) {
      check(method, path, answer);
    }
  }

  private static void check(String method, String path, HttpResponse<String> answer) {
    if (answer.statusCode() / 100 != 2) {
      throw new IllegalStateException(
          "%s %s was answered with %d: %s"
              .formatted(method, path, answer.statusCode(), answer.body()));
    }
  }

  private HttpResponse<String> answer(String method, String path, String body) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .timeout(Duration.ofSeconds(10))
            .header("Content-Type", "application/json")
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .build();
    try {
      return client.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (IOException failure) {
      throw new UncheckedIOException("Nothing answers at port " + port, failure);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while waiting for an answer", stopped);
    }
  }
}
