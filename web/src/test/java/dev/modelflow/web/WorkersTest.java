package dev.modelflow.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelflow.ledger.LedgerFixture;
import dev.modelflow.services.UsesServices;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@UsesServices
class WorkersTest {
  private static final Site SITE = Site.shared();
  private static final String PATH = "/api/v1/workers/told-1";

  @BeforeEach
  void register() {
    SITE.services()
        .ledger()
        .workers()
        .register(LedgerFixture.worker("told-1", "told", Map.of("curate", "1")));
    SITE.post(PATH + "/uncordon", "");
  }

  @Test
  void listsWorkersWithWhatTheyAreAndDo() {
    JsonNode told = SITE.json(PATH);
    assertThat(told.path("devices").get(0).path("id").asString()).isEqualTo("cpu");
    assertThat(told.path("labels").path("zone").asString()).isEqualTo("a");
    assertThat(told.path("memory").asLong()).isEqualTo(4_000_000_000L);
    assertThat(
            SITE.json("/api/v1/workers").valueStream().map(worker -> worker.path("id").asString()))
        .contains("told-1", "gpu-1", "gpu-2");
    assertThat(
            SITE.json("/api/v1/workers/gpu-1")
                .path("doing")
                .valueStream()
                .map(task -> task.path("stage").asString()))
        .contains("midtrain");
  }

  @Test
  void tellsAWorkerOnceAndShowsHowItStands() {
    assertThat(state(SITE.post(PATH + "/cordon", ""))).isEqualTo("cordoned");
    assertThat(state(SITE.post(PATH + "/cordon", ""))).isEqualTo("cordoned");
    assertThat(state(SITE.post(PATH + "/drain", ""))).isEqualTo("drained");
    assertThat(state(SITE.post(PATH + "/uncordon", ""))).isEqualTo("ready");
    assertThat(SITE.json(PATH).path("toldBy").asString()).isEqualTo("operator");
  }

  private static String state(HttpResponse<String> answer) {
    return JsonMapper.shared().readTree(answer.body()).path("state").asString();
  }

  @Test
  void forgetsALostWorkerOnly() {
    HttpResponse<String> refused = SITE.post(PATH + "/forget", "");
    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(refused.body()).contains("Worker 'told-1' lives");
    SITE.services()
        .ledger()
        .jdbc()
        .sql("update worker set last_heard_at = now() - interval '1 minute' where id = 'told-1'")
        .update();
    assertThat(state(SITE.post(PATH + "/forget", ""))).isEqualTo("lost");
    HttpResponse<String> gone = SITE.get(PATH);
    assertThat(gone.statusCode()).isEqualTo(404);
    assertThat(gone.body()).contains("There is no worker 'told-1'");
  }

  @Test
  void aFormTellsAWorkerAndGoesBackToThePage() throws Exception {
    BrowserSession session = new BrowserSession(SITE).signIn();
    HttpResponse<String> answer =
        session.submit(
            "/workers/told-1/drain", "_csrf=" + BrowserSession.encode(session.csrf("/workers")));
    assertThat(answer.statusCode()).isEqualTo(302);
    assertThat(answer.headers().firstValue("Location"))
        .hasValueSatisfying(to -> assertThat(to).endsWith("/workers"));
    assertThat(SITE.json(PATH).path("state").asString()).isEqualTo("drained");
  }
}
