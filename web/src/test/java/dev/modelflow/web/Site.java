package dev.modelflow.web;

import dev.modelflow.ledger.LedgerFixture;
import dev.modelflow.read.SampleLedger;
import dev.modelflow.web.config.WebConfig;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One server over the sample ledger for all tests of a JVM, and requests to it. */
final class Site {
  private static final Site SHARED = new Site();

  private final LedgerFixture services = new LedgerFixture();
  private final HttpClient http = HttpClient.newHttpClient();
  private final WebApplication web;
  private final String token;

  private Site() {
    SampleLedger.write(services.ledger(), Instant.now());
    token = services.ledger().tokens().create("operator");
    web =
        WebApplication.start(
            new WebConfig(
                "127.0.0.1", 0, List.of(), "default", services.ledger(), services.store()));
  }

  static Site shared() {
    return SHARED;
  }

  LedgerFixture services() {
    return services;
  }

  WebApplication web() {
    return web;
  }

  String token() {
    return token;
  }

  URI uri(String path) {
    return URI.create("http://127.0.0.1:" + web.port() + path);
  }

  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(uri(path)).header("Authorization", "Bearer " + token);
  }

  HttpResponse<String> get(String path) {
    return send(request(path).build());
  }

  JsonNode json(String path) {
    return JsonMapper.shared().readTree(get(path).body());
  }

  HttpResponse<String> post(String path, String body) {
    return post(path, body, UUID.randomUUID().toString());
  }

  HttpResponse<String> post(String path, String body, String key) {
    return send(
        request(path)
            .header("Content-Type", "application/json")
            .header("Idempotency-Key", key)
            .POST(BodyPublishers.ofString(body))
            .build());
  }

  HttpResponse<String> send(HttpRequest request) {
    try {
      return http.send(request, BodyHandlers.ofString());
    } catch (IOException failure) {
      throw new IllegalStateException("No answer to " + request, failure);
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted", stop);
    }
  }
}
