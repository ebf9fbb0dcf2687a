package dev.modelflow.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelflow.services.UsesServices;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

@UsesServices
class OnceTest {
  private static final Site SITE = Site.shared();

  @Test
  void onlyWhatIsDescribedWithAKeyAsksForOneAndIsKept() {
    long kept = keptAnswers();
    List<String> asking = new ArrayList<>();
    for (Endpoints.Endpoint endpoint : Endpoints.all(SITE)) {
      if (endpoint.isApi()
          && endpoint.method().equals("POST")
          && postWithoutKey(endpoint.path()).body().contains("Idempotency-Key")) {
        asking.add(endpoint.pattern());
      }
    }
    assertThat(asking).isNotEmpty().containsExactlyInAnyOrderElementsOf(described());
    assertThat(keptAnswers()).isEqualTo(kept);
  }

  private static HttpResponse<String> postWithoutKey(String path) {
    return SITE.send(
        SITE.request(path)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString("{\"checkpoint\": \"pretrain@600\"}"))
            .build());
  }

  private static List<String> described() {
    List<String> described = new ArrayList<>();
    SITE.json("/api/v1/openapi.json")
        .path("paths")
        .forEachEntry(
            (path, methods) -> {
              if (methods.path("post").path("parameters").toString().contains("Idempotency-Key")) {
                described.add(path);
              }
            });
    return described;
  }

  private static long keptAnswers() {
    return SITE.services()
        .ledger()
        .jdbc()
        .sql("select count(*) from idempotency_key")
        .query(Long.class)
        .single();
  }
}
