package dev.modelflow.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.modelflow.engine.data.DataOrder;
import dev.modelflow.engine.data.Seen;
import dev.modelflow.engine.data.SeenJson;
import dev.modelflow.engine.data.TokenSetDocuments;
import dev.modelflow.text.Json;
import dev.modelflow.text.TokenSet;
import dev.modelflow.text.TokenSetWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The command against a server that knows a pretrain, midtrains and the tokens of all. */
class DataOrderCommandTest {
  private static final String MIDTRAIN = "a".repeat(64);
  private static final String PRETRAIN = "b".repeat(64);
  private static final String OTHER = "d".repeat(64);
  private static final String MERGE = "e".repeat(64);
  private static final String TOKENS = "c".repeat(64);

  @TempDir private Path root;
  private final Map<String, String> lineages = new HashMap<>();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private HttpServer server;

  @BeforeEach
  void serve() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/api/v1/artifacts/", this::answer);
    server.start();
    Files.writeString(root.resolve("token"), "token");
    Path tokens = Files.createDirectory(root.resolve(TOKENS));
    try (TokenSetWriter writer = new TokenSetWriter(tokens, "digest")) {
      for (int i = 0; i < 4; i++) {
        writer.add("doc/" + i, "words", new int[7], 7);
      }
    }
    checkpoint(PRETRAIN, "pretrain", 2, List.of(edge(TOKENS, PRETRAIN, "tokens.words")));
    checkpoint(
        MIDTRAIN,
        "midtrain",
        1,
        List.of(edge(TOKENS, MIDTRAIN, "tokens.words"), edge(PRETRAIN, MIDTRAIN, "checkpoint")));
    lineages.put(TOKENS, node(TOKENS, "token-set", "curate", List.of()));
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private void checkpoint(String id, String stage, int steps, List<String> edges)
      throws IOException {
    lineages.put(id, node(id, "checkpoint", stage, edges));
    try (TokenSet set = TokenSet.open(root.resolve(TOKENS))) {
      DataOrder order =
          new DataOrder(
              Map.of("words", new TokenSetDocuments(set)), Map.of("words", 1.0), 3, 2, 16);
      order.skip(steps);
      List<Seen> seen = List.of(order.seen());
      Map<String, Object> state = new LinkedHashMap<>();
      state.put("kind", stage);
      state.put("step", steps);
      state.put(SeenJson.KEY, SeenJson.write(seen));
      Json.write(Files.createDirectory(root.resolve(id)).resolve("trainer_state.json"), state);
    }
  }

  /** The mean of two midtrains, which another stage made of the same in another order. */
  private void merge() throws IOException {
    checkpoint(
        OTHER,
        "midtrain-2",
        2,
        List.of(edge(TOKENS, OTHER, "tokens.words"), edge(PRETRAIN, OTHER, "checkpoint")));
    lineages.put(
        MERGE,
        node(
            MERGE,
            "checkpoint",
            "soup",
            List.of(
                edge(MIDTRAIN, MERGE, "checkpoint.1"),
                edge(MIDTRAIN, MERGE, "checkpoint.2", "stew"),
                edge(OTHER, MERGE, "checkpoint.1", "stew"),
                edge(OTHER, MERGE, "checkpoint.2"))));
    Json.write(
        Files.createDirectory(root.resolve(MERGE)).resolve("trainer_state.json"),
        Map.of("kind", "merge", "step", 1));
  }

  private static String edge(String from, String to, String role) {
    return edge(from, to, role, "");
  }

  /** Of the stage that is named; without a name, of the stage that made {@code to}. */
  private static String edge(String from, String to, String role, String stage) {
    return """
        {"src": "%s", "dst": "%s", "role": "%s", "stage": {"run": "run", "stage": "%s"}}
        """
        .formatted(from, to, role, stage.isEmpty() ? "STAGE" : stage);
  }

  private static String node(String id, String kind, String stage, List<String> edges) {
    return """
        {"artifact": "%s", "truncated": false, "edges": [%s], "nodes":
         [{"id": "%s", "kind": "%s", "depth": 0, "run": "run", "stage": "%s"}]}
        """
        .formatted(id, String.join(",", edges).replace("STAGE", stage), id, kind, stage);
  }

  private void answer(HttpExchange exchange) throws IOException {
    String[] parts = exchange.getRequestURI().getPath().split("/", -1);
    byte[] body =
        parts[5].equals("lineage")
            ? lineages.getOrDefault(parts[4], "").getBytes(StandardCharsets.UTF_8)
            : Files.readAllBytes(root.resolve(parts[4]).resolve(parts[6]));
    exchange.sendResponseHeaders(200, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private int ask(String... arguments) {
    CommandLine line =
        Main.commandLine().setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    List<String> all = new ArrayList<>(List.of("data-order"));
    all.addAll(List.of(arguments));
    all.addAll(
        List.of(
            "--server",
            "http://localhost:" + server.getAddress().getPort(),
            "--token-file",
            root.resolve("token").toString()));
    return line.execute(all.toArray(String[]::new));
  }

  @Test
  void saysAtWhichStepsOfWhichStages() {
    assertThat(ask(MIDTRAIN, "--document", "doc/1")).isZero();
    assertThat(out.toString())
        .startsWith("Checkpoint aaaaaaaaaaaa has seen 'doc/1' in ")
        .containsPattern("pretrain +1 +words +0 +8 +bbbbbbbbbbbb")
        .containsPattern("midtrain +1 +words +0 +8 +aaaaaaaaaaaa");
  }

  @Test
  void tellsOfAMergeWhatIsBehindEachOfItsCheckpoints() throws IOException {
    merge();
    assertThat(ask(MERGE, "--document", "doc/1")).isZero();
    assertThat(out.toString())
        .containsOnlyOnce("pretrain       2  ")
        .containsPattern("midtrain +1 +words +0 +8 +aaaaaaaaaaaa")
        .containsPattern("midtrain-2 +1 +words +0 +8 +dddddddddddd")
        .contains("Stage soup reads no documents: it is the mean of 2 checkpoints.")
        .containsPattern("  midtrain@1 \\(aaaaaaaaaaaa\\), after pretrain: seen in \\d steps")
        .containsPattern("  midtrain-2@2 \\(dddddddddddd\\), after pretrain: seen in \\d steps")
        .doesNotContain("Not known");
  }

  @Test
  void aMergeOfWhatNeverSawItHasNotSeenIt() throws IOException {
    merge();
    assertThat(ask(MERGE, "--document", "elsewhere")).isZero();
    assertThat(out.toString())
        .startsWith("Checkpoint eeeeeeeeeeee has not seen 'elsewhere': no data of its stages")
        .contains("  midtrain@1 (aaaaaaaaaaaa), after pretrain: not seen")
        .contains("  midtrain-2@2 (dddddddddddd), after pretrain: not seen");
  }

  @Test
  void printsJson() {
    assertThat(ask(PRETRAIN, "--document", "doc/1", "--json")).isZero();
    assertThat(out.toString())
        .contains("\"seen\" : true", "\"complete\" : true", "\"stage\" : \"pretrain\"")
        .doesNotContain("midtrain");
  }

  @Test
  void aDocumentOfNoDataIsNotSeen() {
    assertThat(ask(MIDTRAIN, "--document", "elsewhere")).isZero();
    assertThat(out.toString())
        .isEqualToIgnoringNewLines(
            "Checkpoint aaaaaaaaaaaa has not seen 'elsewhere': no data of its stages has a document"
                + " of this id.");
  }

  @Test
  void aRecordThatDoesNotAgreeWithItsDataIsAFailure() throws IOException {
    Path state = root.resolve(PRETRAIN).resolve("trainer_state.json");
    Files.writeString(state, Files.readString(state).replace("\"seed\" : 3", "\"seed\" : 4"));
    assertThat(ask(MIDTRAIN, "--document", "doc/1")).isEqualTo(1);
    assertThat(err.toString()).startsWith("The data-order record of stage pretrain is not that of");
  }

  @Test
  void onlyACheckpointHasSeenAnything() {
    assertThat(ask(TOKENS, "--document", "doc/1")).isEqualTo(2);
    assertThat(err.toString())
        .contains(" is a token-set: give a checkpoint, see modelflow checkpoints RUN");
    assertThat(ask(MIDTRAIN)).isEqualTo(2);
    assertThat(err.toString()).contains("Missing required option: '--document=ID'");
  }
}
