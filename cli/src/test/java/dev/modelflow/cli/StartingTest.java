package dev.modelflow.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelflow.cli.client.FakeServer;
import dev.modelflow.cli.client.FakeServer.Answer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tools.jackson.databind.json.JsonMapper;

/** The commands that start runs, and the plan of one, on a server that is named. */
class StartingTest {
  private static final String RECIPE = "../recipes/smoke.yaml";
  private static final String RUN = "01kb3x00000000000000000000";

  @TempDir private Path folder;
  private final FakeServer server = new FakeServer();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void aRunThatIsStartedIsPrintedAsJson() throws IOException {
    server.at("/api/v1/runs", Answer.of("{\"id\": \"%s\", \"name\": \"smoke\"}".formatted(RUN)));
    assertThat(command("run", RECIPE, "--json")).isZero();
    assertThat(new JsonMapper().readTree(out.toString()).path("id").asString("")).isEqualTo(RUN);
  }

  @Test
  void aRunThatIsDetachedIsItsIdAlone() throws IOException {
    server.at("/api/v1/runs", Answer.of("{\"id\": \"%s\"}".formatted(RUN)));
    assertThat(command("run", RECIPE, "--detach")).isZero();
    assertThat(out.toString()).isEqualToIgnoringNewLines(RUN);
  }

  @Test
  void aRerunIsPrintedAsJson() throws IOException {
    server.at("/api/v1/runs/" + RUN + "/rerun", Answer.of("{\"id\": \"another\"}"));
    assertThat(command("rerun", RUN, "--from", "sft", "--json")).isZero();
    assertThat(new JsonMapper().readTree(out.toString()).path("id").asString(""))
        .isEqualTo("another");
  }

  @Test
  void aPlanSaysWhatIsReusedOnTheServerThatIsNamed() throws IOException {
    server.at(
        "/api/v1/plan",
        Answer.of(
            """
            {"stages": [{"name": "pretrain", "reused": true}, {"name": "sft", "reused": false}]}
            """));
    assertThat(command("plan", RECIPE)).isZero();
    assertThat(line("pretrain")).endsWith("reused");
    assertThat(line("sft")).doesNotContain("reused");
  }

  @Test
  void aPlanIsShownThoughTheServerRefuses() throws IOException {
    server.at("/api/v1/plan", new Answer(401, "{\"detail\": \"This token is not known here\"}"));
    assertThat(command("plan", RECIPE)).isZero();
    assertThat(line("pretrain")).doesNotContain("reused");
    assertThat(err.toString())
        .isEqualToIgnoringNewLines("What would be reused is unknown: This token is not known here");
  }

  @Test
  void whatIsNotKnownOfReuseIsNotSaidToScripts() throws IOException {
    server.at("/api/v1/plan", new Answer(401, "{\"detail\": \"This token is not known here\"}"));
    assertThat(command("plan", RECIPE, "--json")).isZero();
    assertThat(new JsonMapper().readTree(out.toString()).at("/stages/0").has("name")).isTrue();
    assertThat(new JsonMapper().readTree(out.toString()).at("/stages/0").has("reused")).isFalse();
  }

  private String line(String stage) {
    return out.toString()
        .lines()
        .map(String::strip)
        .filter(line -> line.startsWith(stage + " "))
        .findFirst()
        .orElseThrow();
  }

  private int command(String... arguments) throws IOException {
    Path token = Files.writeString(folder.resolve("token"), "mf_token");
    CommandLine line =
        Main.commandLine().setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--server", server.uri().toString(), "--token-file", token.toString()));
    return line.execute(all.toArray(String[]::new));
  }
}
