package dev.modelflow.cli.bench.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.CookieManager;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Somebody who uses a dashboard: in a browser, signed in with a session, and as a program, with a
 * token. May be used from many threads.
 */
public final class Visitor implements AutoCloseable {
  private static final Pattern FORM_KEY = Pattern.compile("name=\"_csrf\"[^>]*value=\"([^\"]+)\"");

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .cookieHandler(new CookieManager())
          .build();
  private final URI base;
  private final String token;

  private Visitor(URI base, String token) {
    this.base = base;
    this.token = token;
  }

  /** Signs in at the dashboard; throws {@link IOException} when it is refused. */
  public static Visitor signIn(URI base, String token) throws IOException, InterruptedException {
    Visitor visitor = new Visitor(base, token);
    String form = visitor.page("/login");
    Matcher key = FORM_KEY.matcher(form);
    if (!key.find()) {
      throw new IOException("The page to sign in at " + base + " has no form");
    }
    HttpResponse<String> answer =
        visitor.http.send(
            HttpRequest.newBuilder(base.resolve("/login"))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(
                    BodyPublishers.ofString(
                        "_csrf=" + escape(key.group(1)) + "&token=" + escape(token)))
                .build(),
            BodyHandlers.ofString());
    if (answer.statusCode() != 302) {
      throw new IOException("Signing in at " + base + " was answered with " + answer.statusCode());
    }
    return visitor;
  }

  private static String escape(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  /** A page of the dashboard; throws {@link IOException} unless it is shown. */
  public String page(String path) throws IOException, InterruptedException {
    return text(
        HttpRequest.newBuilder(base.resolve(path)).header("Accept", "text/html").GET().build());
  }

  /** An answer of the API to a GET. */
  public String get(String path) throws IOException, InterruptedException {
    return text(request(path).GET().build());
  }

  /** An answer of the API to a POST of JSON. */
  public String post(String path, String body) throws IOException, InterruptedException {
    return text(
        request(path)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body))
            .build());
  }

  /** A live stream of the API, open until it is closed. */
  public InputStream stream(String path) throws IOException, InterruptedException {
    HttpResponse<InputStream> answer =
        http.send(request(path).GET().build(), BodyHandlers.ofInputStream());
    if (answer.statusCode() != 200) {
      answer.body().close();
      throw refused("GET", path, answer.statusCode(), "");
    }
    return answer.body();
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(base.resolve(path)).header("Authorization", "Bearer " + token);
  }

  private String text(HttpRequest request) throws IOException, InterruptedException {
    HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
    if (answer.statusCode() / 100 != 2) {
      throw refused(request.method(), request.uri().getPath(), answer.statusCode(), answer.body());
    }
    return answer.body();
  }

  private static IOException refused(String method, String path, int status, String body) {
    return new IOException("%s %s was answered with %d %s".formatted(method, path, status, body));
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
