package dev.modelflow.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelflow.cli.client.FakeServer;
import dev.modelflow.cli.client.FakeServer.Answer;
import dev.modelflow.domain.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Watching a run that succeeded, whose release is copied; without a stack of this machine. */
class FollowingTest {
  private static final String RUN = "01kb3x00000000000000000000";
  private static final String ARTIFACT = "a".repeat(64);
  private static final String WEIGHTS = "weights";
  private static final String FILE = "/api/v1/artifacts/" + ARTIFACT + "/files/model.safetensors";

  @TempDir private Path root;
  private final FakeServer server = new FakeServer();
  private Path home;
  private Path token;

  @BeforeEach
  void serve() throws IOException {
    home = Files.createDirectory(root.resolve("state"));
    token = Files.writeString(root.resolve("token"), "mf_token");
    server
        .at(
            "/api/v1/runs/" + RUN,
            Answer.of(
                """
                {"id": "%s", "name": "smoke", "recipe": "smoke", "status": "succeeded",
                 "stagesTotal": 1, "stagesDone": 1,
                 "stages": [{"name": "release", "kind": "release", "position": 0, "pool": "cpu",
                             "status": "succeeded", "after": [], "epoch": 1}],
                 "outputs": [{"stage": "release", "name": "release", "artifact": "%s",
                              "kind": "release", "totalSize": 7, "fileCount": 1}]}
                """
                    .formatted(RUN, ARTIFACT)))
        .at("/api/v1/runs/" + RUN + "/events", Answer.of("{\"events\": []}"))
        .at(
            "/api/v1/artifacts/" + ARTIFACT,
            Answer.of(
                """
                {"files": [{"path": "model.safetensors", "size": 7, "sha256": "%s"}]}
                """
                    .formatted(Digest.of(WEIGHTS).hex())));
  }

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void aReleaseIsCopied() throws IOException, InterruptedException {
    server.at(FILE, Answer.of(WEIGHTS));
    LiveStack.Result result = watch();
    assertThat(result.output()).contains("Released model: " + folder(), dashboard());
    assertThat(result.code()).isZero();
    assertThat(folder().resolve("model.safetensors")).hasContent(WEIGHTS);
  }

  @Test
  void aReleaseThatCannotBeWrittenIsOneSentenceAndAFailure()
      throws IOException, InterruptedException {
    server.at(FILE, Answer.of(WEIGHTS));
    Files.writeString(home.resolve("releases"), "in the way");
    assertNotCopied(
        watch(),
        "Cannot make the folder %s: there is a file of this name; check the path, or name another place"
            .formatted(home.resolve("releases")));
  }

  @Test
  void aReleaseThatTheServerDoesNotGiveIsItsSentence() throws IOException, InterruptedException {
    server.at(FILE, new Answer(404, "{\"detail\": \"The store lacks this file\"}"));
    assertNotCopied(watch(), "The store lacks this file");
  }

  @Test
  void aReleaseThatArrivesDamagedIsNotLeftThere() throws IOException, InterruptedException {
    server.at(FILE, Answer.of("wights"));
    assertNotCopied(
        watch(),
        "model.safetensors of release %s arrived damaged: check it with modelflow verify %s"
            .formatted(ARTIFACT, ARTIFACT));
    assertThat(folder().resolve("model.safetensors")).doesNotExist();
  }

  private void assertNotCopied(LiveStack.Result result, String reason) {
    assertThat(result.output())
        .contains(
            "The release could not be copied to %s: %s; once that is mended, run: modelflow watch %s --server %s --token-file %s\n"
                .formatted(folder(), reason, RUN, server.uri(), token))
        .contains("Run " + RUN + " succeeded.", dashboard())
        .doesNotContain("Released model: ", "report this");
    assertThat(result.code()).isEqualTo(1);
  }

  private Path folder() {
    return home.resolve("releases").resolve(RUN);
  }

  private String dashboard() {
    return "Dashboard: " + server.uri() + "/runs/" + RUN;
  }

  private LiveStack.Result watch() throws IOException, InterruptedException {
    try (LiveStack none = new LiveStack(home)) {
      return none.command(
          "watch", RUN, "--server", server.uri().toString(), "--token-file", token.toString());
    }
  }
}
