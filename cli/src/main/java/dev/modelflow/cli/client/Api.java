package dev.modelflow.cli.client;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A client of the REST API. */
public final class Api {
  private static final Duration CONNECTING = Duration.ofSeconds(5);
  private static final Duration ANSWERING = Duration.ofMinutes(2);

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(CONNECTING)
          .build();
  private final JsonMapper json = new JsonMapper();
  private final URI base;
  private final String token;
  private final Unanswered unanswered;

  /** For the server at {@code base}, e.g. {@code http://127.0.0.1:7070}. */
  public Api(URI base, String token) {
    this(base, token, ANSWERING);
  }

  Api(URI base, String token, Duration answering) {
    this.base = base;
    this.token = token;
    this.unanswered = new Unanswered(base, CONNECTING, answering);
  }

  /** A path of the API whose parts are escaped. */
  public static String path(String... parts) {
    return "/api/v1/" + List.of(parts).stream().map(Api::escape).collect(Collectors.joining("/"));
  }

  /** A text as a part of a path or query. */
  public static String escape(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /** The answer to a GET, as a tree. */
  public JsonNode get(String path) {
    return parse(text(request(path, "application/json").GET().build()));
  }

  /** The answer to a GET, as a value. */
  public <T> T get(String path, Class<T> type) {
    return json.treeToValue(get(path), type);
  }

  /** The answer to a GET as text of the media type {@code accept}. */
  public String getText(String path, String accept) {
    return text(request(path, accept).GET().build());
  }

  /**
   * The answer to a POST. It carries an idempotency key of its own, so the server does the work
   * once even if this client asks again after a lost answer.
   */
  public JsonNode post(String path, Map<String, ? extends @Nullable Object> body) {
    HttpRequest request =
        request(path, "application/json")
            .header("Content-Type", "application/json")
            .header("Idempotency-Key", UUID.randomUUID().toString())
            .POST(HttpRequest.BodyPublishers.ofString(json.writeValueAsString(body)))
            .build();
    return parse(text(request));
  }

  /**
   * Writes a GET's answer to a file, whose folders may be missing. Leaves no half of one.
   *
   * @throws FileException when the file cannot be written
   */
  public void download(String path, Path file) {
    HttpRequest request = request(path, "*/*").GET().build();
    HttpResponse<InputStream> answer = send(request, HttpResponse.BodyHandlers.ofInputStream());
    try (InputStream body = answer.body()) {
      if (answer.statusCode() != 200) {
        String problem = new String(body.readAllBytes(), StandardCharsets.UTF_8);
        throw ApiProblems.read(json, answer.statusCode(), problem);
      }
      copy(body, new FileOutput(file));
    } catch (IOException brokenOff) {
      throw unanswered.of(brokenOff, false);
    }
  }

  private static void copy(InputStream body, FileOutput file) throws IOException {
    try {
      body.transferTo(file);
      file.close();
    } catch (IOException | RuntimeException failure) {
      file.discard(failure);
      throw failure;
    }
  }

  private HttpRequest.Builder request(String path, String accept) {
    return HttpRequest.newBuilder(base.resolve(path))
        .timeout(unanswered.answering())
        .header("Authorization", "Bearer " + token)
        .header("Accept", accept);
  }

  private String text(HttpRequest request) {
    HttpResponse<String> answer = send(request, HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() / 100 == 2) {
      return answer.body();
    }
    throw ApiProblems.read(json, answer.statusCode(), answer.body());
  }

  private <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> handler) {
    try {
      return http.send(request, handler);
    } catch (IOException failure) {
      throw unanswered.of(failure, request.method().equals("POST"));
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new ApiException(0, "Interrupted while waiting for an answer", List.of());
    }
  }

  private JsonNode parse(String body) {
    try {
      return json.readTree(body);
    } catch (JacksonException malformed) {
      throw new ApiException(0, "The server answered with something else than JSON", List.of());
    }
  }
}
