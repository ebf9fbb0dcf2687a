package dev.modelflow.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelflow.read.SampleLedger;
import dev.modelflow.services.UsesServices;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@UsesServices
class ApiTest {
  private static final Site SITE = Site.shared();
  private static final String RUNS = "/api/v1/runs/";

  @Test
  void saysHowMuchThereIsToDo() {
    JsonNode status = SITE.json("/api/v1/status");
    assertThat(status.path("status").asString()).isEqualTo("up");
    assertThat(status.path("workersAlive").isNumber()).isTrue();
    assertThat(status.path("runs").path("failed").asInt()).isEqualTo(1);
  }

  @Test
  void pagesOfRunsHoldEachRunOnceNewestFirst() {
    List<String> seen = new ArrayList<>();
    List<String> times = new ArrayList<>();
    String cursor = "";
    do {
      JsonNode page = SITE.json("/api/v1/runs?limit=2" + cursor);
      page.path("runs").forEach(run -> seen.add(run.path("id").asString()));
      page.path("runs").forEach(run -> times.add(run.path("createdAt").asString()));
      cursor = page.path("next").isNull() ? "" : "&cursor=" + page.path("next").asString();
    } while (!cursor.isEmpty());
    assertThat(seen).doesNotHaveDuplicates().contains(SampleLedger.DONE, SampleLedger.QUEUED);
    assertThat(times).isSortedAccordingTo((a, b) -> b.compareTo(a));
  }

  @Test
  void narrowsRunsToAStatus() {
    SITE.json("/api/v1/runs?status=failed")
        .path("runs")
        .forEach(run -> assertThat(run.path("status").asString()).isEqualTo("failed"));
    assertThat(SITE.get("/api/v1/runs?status=lost").body())
        .contains("'lost' is not one of: queued, running");
  }

  @Test
  void aRunShowsItsStagesWithTheNumbersOfWhatTheyReuse() {
    JsonNode run = SITE.json(RUNS + SampleLedger.BRANCH);
    assertThat(run.path("branchStage").asString()).isEqualTo("pretrain");
    assertThat(run.path("branchStep").asLong()).isEqualTo(600);
    JsonNode midtrain = stage(run, "midtrain");
    assertThat(midtrain.path("status").asString()).isEqualTo("running");
    assertThat(midtrain.path("step").asLong()).isGreaterThanOrEqualTo(270);
    assertThat(midtrain.path("loss").isNumber()).isTrue();
    assertThat(stage(run, "curate").path("reusedFrom").path("run").asString())
        .isEqualTo(SampleLedger.DONE);
    assertThat(run.path("outputs").valueStream().map(output -> output.path("name").asString()))
        .contains("tokenizer", "checkpoint");
  }

  private static JsonNode stage(JsonNode run, String name) {
    return run.path("stages")
        .valueStream()
        .filter(stage -> stage.path("name").asString().equals(name))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void theFirstCharactersOfAnIdNameWhatItMayBe() {
    JsonNode run = SITE.json("/api/v1/ids/" + SampleLedger.DONE.substring(0, 20));
    assertThat(run.path("runs").valueStream().map(JsonNode::asString))
        .contains(SampleLedger.DONE)
        .allMatch(id -> id.startsWith(SampleLedger.DONE.substring(0, 20)));
    String artifact =
        SITE.json(RUNS + SampleLedger.DONE).path("outputs").get(0).path("artifact").asString();
    assertThat(
            SITE.json("/api/v1/ids/" + artifact.substring(0, 12))
                .path("artifacts")
                .valueStream()
                .map(JsonNode::asString))
        .containsExactly(artifact);
    assertThat(SITE.json("/api/v1/ids/%25").path("artifacts").size()).isZero();
  }

  @Test
  void anUnknownRunIsNotFoundInOneSentence() {
    HttpResponse<String> answer = SITE.get(RUNS + "nowhere");
    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
    assertThat(answer.body()).contains("\"detail\":\"There is no run 'nowhere'\"");
  }

  @Test
  void thinsAMetricWithoutLosingItsEnds() {
    JsonNode all = SITE.json(RUNS + SampleLedger.DONE + "/metrics?stage=pretrain&name=loss");
    JsonNode few =
        SITE.json(RUNS + SampleLedger.DONE + "/metrics?stage=pretrain&name=loss&limit=10");
    assertThat(few.path("points").size()).isBetween(5, 11);
    assertThat(few.path("points").get(0)).isEqualTo(all.path("points").get(0));
    assertThat(few.path("points").get(few.path("points").size() - 1))
        .isEqualTo(all.path("points").get(all.path("points").size() - 1));
  }

  @Test
  void doesWhatAKeyAsksOnce() {
    String key = UUID.randomUUID().toString();
    String body = "{\"checkpoint\": \"pretrain@400\", \"name\": \"twice\"}";
    HttpResponse<String> first = SITE.post(RUNS + SampleLedger.DONE + "/branch", body, key);
    HttpResponse<String> second = SITE.post(RUNS + SampleLedger.DONE + "/branch", body, key);
    HttpResponse<String> other =
        SITE.post(RUNS + SampleLedger.DONE + "/branch", "{\"checkpoint\": \"pretrain@600\"}", key);
    assertThat(first.statusCode()).isEqualTo(201);
    assertThat(second.body()).isEqualTo(first.body());
    assertThat(second.statusCode()).isEqualTo(201);
    assertThat(other.statusCode()).isEqualTo(422);
    String id = JsonMapper.shared().readTree(first.body()).path("id").asString();
    JsonNode run = SITE.json(RUNS + id);
    assertThat(run.path("name").asString()).isEqualTo("twice");
    assertThat(run.path("parentRun").asString()).isEqualTo(SampleLedger.DONE);
    assertThat(run.path("createdBy").asString()).isEqualTo("operator");
  }

  @Test
  void asksForAnIdempotencyKey() {
    HttpResponse<String> answer =
        SITE.send(
            SITE.request("/api/v1/runs")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"recipe\": \"x\"}"))
                .build());
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains("Idempotency-Key");
  }

  @Test
  void aRefusedRequestLeavesItsKeyFree() {
    String key = UUID.randomUUID().toString();
    String path = RUNS + SampleLedger.DONE + "/branch";
    assertThat(SITE.post(path, "{\"checkpoint\": \"pretrain@1\"}", key).statusCode())
        .isEqualTo(400);
    assertThat(SITE.post(path, "{\"checkpoint\": \"pretrain@600\"}", key).statusCode())
        .isEqualTo(201);
  }

  @Test
  void aPreviewSaysWhereTheWorkBegins() {
    JsonNode preview =
        branchPreview(
            "{\"checkpoint\": \"%s\"}".formatted(SampleLedger.checkpoint("pretrain", 600)));
    JsonNode pretrain = stage(preview, "pretrain");
    assertThat(pretrain.path("action").asString()).isEqualTo("continue");
    assertThat(pretrain.path("startStep").asLong()).isEqualTo(600);
  }

  @Test
  void aBranchsPreviewSaysWhatAStageHasOfItsPreset() {
    JsonNode preview =
        branchPreview(
            """
            {"checkpoint": "pretrain@600", "overrides": {"midtrain.preset": "olmo3-7b-paper"}}
            """);
    assertThat(stage(preview, "midtrain").path("preset").path("name").asString(""))
        .isEqualTo("olmo3-7b-paper");
    assertThat(stage(preview, "pretrain").path("preset").isNull()).isTrue();
  }

  private static JsonNode branchPreview(String body) {
    return JsonMapper.shared()
        .readTree(SITE.post(RUNS + SampleLedger.DONE + "/branch/preview", body).body());
  }

  @Test
  void listsEveryProblemOfARecipe() {
    HttpResponse<String> answer =
        SITE.post("/api/v1/runs", "{\"recipe\": \"recipe: 1\\nname: x\\nstagess: {}\\n\"}");
    assertThat(answer.statusCode()).isEqualTo(422);
    JsonNode problems = JsonMapper.shared().readTree(answer.body()).path("problems");
    assertThat(problems.valueStream().map(each -> each.path("nearest").asString("")))
        .contains("stages");
    assertThat(problems.valueStream().map(each -> each.path("line").asInt())).contains(3);
  }

  @Test
  void cancelsARunAndSaysWhenItWasAlreadyOver() {
    String started = SITE.post(RUNS + SampleLedger.DONE + "/rerun", "{\"from\": \"sft\"}").body();
    String id = JsonMapper.shared().readTree(started).path("id").asString();
    assertThat(SITE.post(RUNS + id + "/cancel", "").body()).contains("\"accepted\":true");
    assertThat(SITE.post(RUNS + SampleLedger.DONE + "/cancel", "").body())
        .contains("\"accepted\":false");
  }

  @Test
  void lineageStopsAtItsBudget() {
    String focus = SampleLedger.checkpoint("rlvr", 60);
    JsonNode whole =
        SITE.json("/api/v1/artifacts/" + focus + "/lineage?direction=ancestors&depth=50");
    JsonNode cut =
        SITE.json("/api/v1/artifacts/" + focus + "/lineage?direction=ancestors&budget=3");
    assertThat(whole.path("truncated").asBoolean()).isFalse();
    assertThat(cut.path("truncated").asBoolean()).isTrue();
    assertThat(cut.path("nodes").size()).isEqualTo(3);
    Set<String> nodes = new LinkedHashSet<>();
    whole.path("nodes").forEach(node -> nodes.add(node.path("id").asString()));
    assertThat(nodes).contains(SampleLedger.checkpoint("pretrain", 1200));
    whole
        .path("edges")
        .forEach(
            edge ->
                assertThat(nodes)
                    .contains(edge.path("src").asString(), edge.path("dst").asString()));
  }

  @Test
  void namesEveryObjectThatIsMissing() {
    HttpResponse<String> answer =
        SITE.post("/api/v1/artifacts/" + SampleLedger.checkpoint("pretrain", 600) + "/verify", "");
    JsonNode verdict = JsonMapper.shared().readTree(answer.body());
    assertThat(verdict.path("intact").asBoolean()).isFalse();
    assertThat(verdict.path("faults").valueStream().map(fault -> fault.path("path").asString()))
        .contains("model.safetensors");
  }

  @Test
  void anAuditIsJsonOrAPageOfItsOwn() {
    String path = "/api/v1/artifacts/" + SampleLedger.checkpoint("sft", 180) + "/audit";
    assertThat(SITE.json(path).isObject()).isTrue();
    HttpResponse<String> page = SITE.send(SITE.request(path).header("Accept", "text/html").build());
    assertThat(page.headers().firstValue("Content-Type"))
        .hasValueSatisfying(type -> assertThat(type).startsWith("text/html"));
    assertThat(page.headers().allValues("Content-Security-Policy"))
        .singleElement()
        .asString()
        .contains("sandbox");
  }

  @Test
  @Timeout(30)
  void streamsEventsFromWhereTheReaderWas() throws Exception {
    JsonNode events = SITE.json(RUNS + SampleLedger.BRANCH + "/events").path("events");
    long second = events.get(1).path("seq").asLong();
    HttpResponse<InputStream> answer =
        HttpClient.newHttpClient()
            .send(
                SITE.request(RUNS + SampleLedger.BRANCH + "/stream")
                    .header("Last-Event-ID", Long.toString(second))
                    .timeout(Duration.ofSeconds(20))
                    .build(),
                BodyHandlers.ofInputStream());
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8))) {
      String first =
          lines.lines().filter(line -> line.startsWith("id: ")).findFirst().orElseThrow();
      assertThat(first).isEqualTo("id: " + events.get(2).path("seq").asLong());
    }
  }

  @Test
  @Timeout(30)
  void aStreamOfARunThatIsOverEnds() {
    assertThat(SITE.get(RUNS + SampleLedger.DONE + "/stream").body())
        .contains("event: progress", "event: end");
  }

  @Test
  void theApiDescribesEveryEndpointWithRefusals() {
    JsonNode paths = SITE.json("/api/v1/openapi.json").path("paths");
    List<String> described = new ArrayList<>();
    paths.forEachEntry(
        (path, methods) ->
            methods.forEachEntry(
                (method, operation) -> {
                  described.add(method.toUpperCase(Locale.ROOT) + " " + path);
                  assertThat(operation.path("summary").asString("")).as(path).isNotEmpty();
                  assertThat(operation.path("responses").has("401")).as(path).isTrue();
                }));
    List<String> expected =
        Endpoints.all(SITE).stream()
            .filter(Endpoints.Endpoint::isApi)
            .filter(endpoint -> !endpoint.pattern().contains("openapi"))
            .map(endpoint -> endpoint.toString().replace("{*path}", "{path}"))
            .toList();
    assertThat(described).containsExactlyInAnyOrderElementsOf(expected);
  }
}
