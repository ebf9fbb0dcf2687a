package dev.modelflow.web;

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

/** Someone who signed in with a browser, as far as HTTP shows it. */
final class BrowserSession {
  private static final Pattern CSRF = Pattern.compile("name=\"_csrf\"[^>]*value=\"([^\"]+)\"");

  private final HttpClient http =
      HttpClient.newBuilder().cookieHandler(new CookieManager()).build();
  private final Site site;

  BrowserSession(Site site) {
    this.site = site;
  }

  BrowserSession signIn() throws Exception {
    HttpResponse<String> answer = signIn(site.token());
    if (answer.statusCode() != 302) {
      throw new IllegalStateException("The login was refused with " + answer.statusCode());
    }
    return this;
  }

  HttpResponse<String> signIn(String token) throws Exception {
    return submit("/login", "token=" + encode(token) + "&_csrf=" + encode(csrf("/login")));
  }

  HttpResponse<String> get(String path) throws Exception {
    return send(HttpRequest.newBuilder(uri(path)).build());
  }

  /** Sends a form as it is, without a CSRF token unless the body has one. */
  HttpResponse<String> submit(String path, String form) throws Exception {
    return send(
        HttpRequest.newBuilder(uri(path))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString(form))
            .build());
  }

  /** The CSRF token of a form on this page. */
  String csrf(String page) throws Exception {
    Matcher field = CSRF.matcher(get(page).body());
    if (!field.find()) {
      throw new IllegalStateException(page + " has no form with a CSRF token");
    }
    return field.group(1);
  }

  static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private URI uri(String path) {
    return site.uri(path);
  }

  private HttpResponse<String> send(HttpRequest request) throws Exception {
    return http.send(request, BodyHandlers.ofString());
  }
}
