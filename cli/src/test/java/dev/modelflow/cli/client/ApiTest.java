package dev.modelflow.cli.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.modelflow.cli.client.FakeServer.Answer;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ApiTest {
  private final FakeServer server = new FakeServer();

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void aServerThatIsAwayIsOneSentenceWithARemedy() {
    URI address = server.uri();
    server.close();
    ApiException failure = refused(() -> new Api(address, "mf_token").get("/api/v1/status"));
    assertThat(failure.status()).isZero();
    assertThat(failure)
        .hasMessage("Nothing answers at " + address + "; start the stack with: modelflow up");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          401 | This token is not known here
          404 | There is no run 'nowhere'
          409 | The run is over
          422 | Idempotency key 'k' was used for another request; choose a new key
          """)
  void aRefusalIsTheServersOwnSentence(int status, String sentence) {
    server.at(
        "/", new Answer(status, "{\"status\":%d,\"detail\":\"%s\"}".formatted(status, sentence)));
    for (ApiException failure :
        new ApiException[] {
          refused(() -> server.api().get("/api/v1/runs/nowhere")),
          refused(() -> server.api().post("/api/v1/runs/nowhere/cancel", Map.of())),
          refused(() -> server.api().getText("/api/v1/runs/nowhere", "text/html"))
        }) {
      assertThat(failure).hasMessage(sentence);
      assertThat(failure.status()).isEqualTo(status);
      assertThat(failure.problems()).isEmpty();
    }
  }

  @Test
  void theProblemsOfARecipeComeWithTheirLines() {
    server.at(
        "/",
        new Answer(
            422,
            """
            {"detail": "The recipe has a problem", "problems": [{"file": "recipe", "line": 3,
             "column": 1, "path": "stagess", "message": "unknown key 'stagess'",
             "nearest": "stages"}]}
            """));
    assertThat(refused(() -> server.api().post("/api/v1/runs", Map.of())).problems())
        .singleElement()
        .hasToString("recipe:3:1: stagess: unknown key 'stagess'; did you mean 'stages'?");
  }

  @ParameterizedTest
  @CsvSource({"502,<html>Bad Gateway</html>", "500,''", "503,{}"})
  void aRefusalWithoutASentenceIsNamedByItsStatus(int status, String body) {
    server.at("/", new Answer(status, body));
    assertThat(refused(() -> server.api().get("/api/v1/runs")))
        .hasMessage("The server refused with " + status);
  }

  @Test
  void anAnswerThatIsNoJsonIsSaidToBeNone() {
    server.at("/", Answer.of("<html>Sign in</html>"));
    assertThat(refused(() -> server.api().get("/api/v1/runs")))
        .hasMessage("The server answered with something else than JSON");
  }

  @Test
  void aDownloadThatIsRefusedLeavesNoFile(@TempDir Path folder) {
    server.at("/", new Answer(404, "{\"detail\":\"gone\"}"));
    Path file = folder.resolve("deep/model.safetensors");
    assertThat(refused(() -> server.api().downloadInto("/api/v1/x", file)))
        .hasMessage("The server has no file for /api/v1/x");
    assertThat(file).doesNotExist();
  }

  private static ApiException refused(ThrowingCallable call) {
    return catchThrowableOfType(ApiException.class, call);
  }
}
