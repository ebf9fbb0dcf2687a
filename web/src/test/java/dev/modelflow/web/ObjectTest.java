package dev.modelflow.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelflow.domain.ArtifactKind;
import dev.modelflow.domain.Digest;
import dev.modelflow.domain.Manifest;
import dev.modelflow.ledger.Fence;
import dev.modelflow.ledger.Ledger;
import dev.modelflow.ledger.Stage;
import dev.modelflow.objects.Uploads;
import dev.modelflow.read.SampleLedger;
import dev.modelflow.services.Bucket;
import dev.modelflow.services.UsesServices;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Artifacts whose objects lie in the store, and what becomes of them when they are harmed. */
@UsesServices
class ObjectTest {
  private static final Site SITE = Site.shared();

  private final Ledger ledger = SITE.services().ledger();
  private final Bucket bucket = new Bucket(SITE.services().storeConfig());
  private final Path folder;

  ObjectTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @Test
  void aFileComesDownAsItWentUp() throws Exception {
    Manifest manifest = recorded("download");
    HttpResponse<byte[]> answer =
        HttpClient.newHttpClient()
            .send(
                SITE.request(files(manifest) + "deep/data.bin").build(),
                BodyHandlers.ofByteArray());
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body())
        .isEqualTo(Files.readAllBytes(folder.resolve("download/deep/data.bin")));
    assertThat(answer.headers().firstValue("ETag"))
        .hasValue('"' + Digest.of(answer.body()).hex() + '"');
    assertThat(answer.headers().firstValue("Content-Disposition"))
        .hasValueSatisfying(it -> assertThat(it).contains("attachment", "data.bin"));
  }

  @Test
  void aStrangerGetsNoFile() throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(SITE.uri(files(recorded("secret")) + "deep/data.bin")).build();
    assertThat(SITE.send(request).statusCode()).isEqualTo(401);
  }

  @Test
  void aFileThatTheArtifactDoesNotListIsNotFound() throws Exception {
    Manifest manifest = recorded("listed");
    for (String path : List.of("data.bin", "deep", "deep/data.bin/more", "deep//data.bin")) {
      assertThat(SITE.get(files(manifest) + path).statusCode()).as(path).isIn(400, 404);
    }
    assertThat(SITE.get(files(manifest) + "other.txt").body())
        .contains("Artifact '%s' has no file 'other.txt'".formatted(manifest.id()));
  }

  @Test
  void anArtifactThatIsAsRecordedIsIntact() throws Exception {
    JsonNode verdict = verify(recorded("whole"));
    assertThat(verdict.path("intact").asBoolean()).isTrue();
    assertThat(verdict.path("files").asInt()).isEqualTo(2);
  }

  @Test
  void aFlippedByteIsNamedAndNeverSent() throws Exception {
    Manifest manifest = recorded("flipped");
    String object = key(manifest, "deep/data.bin");
    byte[] bytes = bucket.read(object);
    bytes[bytes.length / 2] ^= 1;
    bucket.write(object, bytes);

    JsonNode fault = onlyFault(verify(manifest), "deep/data.bin", object);
    assertThat(fault.path("problem").asString())
        .isEqualTo("differs: its bytes hash to " + Digest.of(bytes).hex());
    assertThat(fault.path("setAside").asBoolean()).isTrue();
    assertThat(SITE.services().store().holds(manifest)).isFalse();
    assertThat(
            ledger
                .jdbc()
                .sql("select subject from audit_event where action = 'set-aside-object'")
                .query(String.class)
                .list())
        .contains(object.substring(object.lastIndexOf('/') + 1));
    HttpResponse<String> gone = SITE.get(files(manifest) + "deep/data.bin");
    assertThat(gone.statusCode()).isEqualTo(500);
    assertThat(gone.body())
        .contains("'deep/data.bin' cannot be read: Object ")
        .contains("verify the artifact");
    assertThat(SITE.get(files(manifest) + "notes.txt").body()).isEqualTo("notes on flipped");
  }

  @Test
  void aMissingObjectIsNamed() throws Exception {
    Manifest manifest = recorded("missing");
    String object = key(manifest, "notes.txt");
    bucket.delete(object);
    assertThat(onlyFault(verify(manifest), "notes.txt", object).path("problem").asString())
        .isEqualTo("is missing");
  }

  @Test
  void aPreviewReusesWhatIsThereAndRunsWhatIsNot() throws Exception {
    String run = start();
    Manifest tokenizer = upload("tokenizer", ArtifactKind.TOKENIZER);
    finish(run, "synthesize", Map.of("documents", upload("documents", ArtifactKind.CORPUS)), 0);
    finish(run, "curate", Map.of("tokenizer", tokenizer), 0);
    finish(run, "pretrain", Map.of("checkpoint", upload("last", ArtifactKind.CHECKPOINT)), 600);
    assertThat(actions(run))
        .containsEntry("synthesize", "reuse of " + run)
        .containsEntry("curate", "reuse of " + run)
        .containsEntry("pretrain", "continue after 600")
        .containsEntry("sft", "run");

    // What a preview saw a moment ago it takes to be there, unless somebody found it gone since.
    bucket.delete(key(tokenizer, "notes.txt"));
    verify(tokenizer);
    assertThat(actions(run))
        .containsEntry("synthesize", "reuse of " + run)
        .containsEntry("curate", "run")
        .containsEntry("pretrain", "continue after 600");
  }

  private static String start() {
    String recipe = SampleLedger.RECIPE.replace("seed: 20", "seed: 4711");
    String body = JsonMapper.shared().writeValueAsString(Map.of("recipe", recipe));
    String answer = SITE.post("/api/v1/runs", body).body();
    String run = JsonMapper.shared().readTree(answer).path("id").asString();
    SITE.services().ledger().runs().begin(run);
    return run;
  }

  private void finish(String run, String name, Map<String, Manifest> outputs, long step)
      throws IOException {
    Stage stage = ledger.stages().get(run, name);
    Fence fence = ledger.attempts().begin(stage, "worker", Map.of()).orElseThrow();
    if (step > 0) {
      Manifest point = upload(name + step, ArtifactKind.CHECKPOINT);
      ledger.attempts().checkpoint(fence, step, step, point, Map.of());
    }
    ledger.attempts().succeed(fence, outputs, Map.of());
  }

  private static Map<String, String> actions(String run) {
    String answer =
        SITE.post(
                "/api/v1/runs/" + run + "/branch/preview",
                "{\"checkpoint\": \"pretrain@600\", \"overrides\": {\"sft.steps\": 90}}")
            .body();
    Map<String, String> actions = new LinkedHashMap<>();
    for (JsonNode stage : JsonMapper.shared().readTree(answer).path("stages")) {
      String action = stage.path("action").asString();
      actions.put(
          stage.path("name").asString(),
          switch (action) {
            case "reuse" -> action + " of " + stage.path("fromRun").asString();
            case "continue" -> action + " after " + stage.path("startStep").asLong();
            default -> action;
          });
    }
    return actions;
  }

  private Manifest recorded(String name) throws IOException {
    Manifest manifest = upload(name, ArtifactKind.CORPUS);
    ledger.artifacts().record(manifest);
    return manifest;
  }

  private Manifest upload(String name, ArtifactKind kind) throws IOException {
    Path made = folder.resolve(name);
    Files.createDirectories(made.resolve("deep"));
    byte[] bytes = new byte[10_000];
    new Random(name.hashCode()).nextBytes(bytes);
    Files.write(made.resolve("deep/data.bin"), bytes);
    Files.writeString(made.resolve("notes.txt"), "notes on " + name);
    return new Uploads(SITE.services().store()).upload(made, kind, Map.of());
  }

  private static String files(Manifest manifest) {
    return "/api/v1/artifacts/" + manifest.id() + "/files/";
  }

  private static JsonNode verify(Manifest manifest) {
    return JsonMapper.shared()
        .readTree(SITE.post("/api/v1/artifacts/" + manifest.id() + "/verify", "").body());
  }

  private static JsonNode onlyFault(JsonNode verdict, String path, String object) {
    assertThat(verdict.path("intact").asBoolean()).isFalse();
    assertThat(verdict.path("faults").size()).isEqualTo(1);
    JsonNode fault = verdict.path("faults").get(0);
    assertThat(fault.path("path").asString()).isEqualTo(path);
    assertThat(fault.path("object").asString()).isEqualTo(object);
    return fault;
  }

  private static String key(Manifest manifest, String path) {
    String name =
        manifest.files().stream()
            .filter(file -> file.path().equals(path))
            .map(file -> file.sha256().hex())
            .findFirst()
            .orElseThrow();
    return "objects/" + name.substring(0, 2) + "/" + name;
  }
}
