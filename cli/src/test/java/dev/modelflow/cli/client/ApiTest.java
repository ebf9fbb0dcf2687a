package dev.modelflow.cli.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.modelflow.cli.client.FakeServer.Answer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
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
        .hasMessage(
            "Nothing answers at "
                + address
                + "; start the stack with: modelflow up (in containers: modelflow stack up)");
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
  void aDownloadMakesTheFoldersOfItsFile(@TempDir Path folder) throws IOException {
    server.at("/", Answer.of("weights"));
    Path file = folder.resolve("deep/model.safetensors");
    server.api().download("/api/v1/x", file);
    assertThat(file).hasContent("weights");
  }

  @Test
  void aDownloadThatIsRefusedIsTheServersOwnSentenceAndLeavesNoFile(@TempDir Path folder) {
    String sentence = "Artifact 3f2a has no file 'model.safetensors'";
    server.at("/", new Answer(404, "{\"detail\":\"%s\"}".formatted(sentence)));
    Path file = folder.resolve("deep/model.safetensors");
    ApiException failure = refused(() -> server.api().download("/api/v1/x", file));
    assertThat(failure).hasMessage(sentence);
    assertThat(failure.status()).isEqualTo(404);
    assertThat(file).doesNotExist();
  }

  @Test
  void aDownloadThatBreaksOffIsTheServersFailureAndLeavesNoFile(@TempDir Path folder)
      throws IOException, InterruptedException {
    Path file = folder.resolve("model.safetensors");
    String half = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf";
    try (ServerSocket breaking = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread answering = Thread.startVirtualThread(() -> answerOnce(breaking, half));
      Api api = new Api(address(breaking), "mf_token");
      assertThat(refused(() -> api.download("/api/v1/x", file)))
          .hasMessageStartingWith("The server at " + address(breaking) + " did not answer: ")
          .hasMessageEndingWith(
              "; start the stack with: modelflow up (in containers: modelflow stack up)");
      answering.join();
    }
    assertThat(file).doesNotExist();
  }

  @Test
  void aFullDiskIsNotTheServersFailure(@TempDir Path folder) throws IOException {
    server.at("/", Answer.of("weights"));
    Path file = Files.createSymbolicLink(folder.resolve("model.safetensors"), Path.of("/dev/full"));
    assertThatThrownBy(() -> server.api().download("/api/v1/x", file))
        .isInstanceOf(FileException.class)
        .hasMessage(
            "Cannot write "
                + file
                + ": No space left on device; make room and run the command again");
    assertThat(file).doesNotExist();
  }

  @Test
  void aFolderThatCannotBeMadeIsSaidToBe(@TempDir Path folder) throws IOException {
    server.at("/", Answer.of("weights"));
    Path file = Files.writeString(folder.resolve("releases"), "").resolve("model.safetensors");
    assertThatThrownBy(() -> server.api().download("/api/v1/x", file))
        .isInstanceOf(FileException.class)
        .hasMessage(
            "Cannot write "
                + file
                + ": there is a file of this name; check the path, or name another place");
  }

  @Test
  void aServerThatTakesTooLongIsToldFromOneThatIsAway() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      Api api = new Api(address(silent), "mf_token", Duration.ofSeconds(1));
      String sentence = "The server at " + address(silent) + " did not answer within 1 s; ";
      assertThat(refused(() -> api.get("/api/v1/runs")))
          .hasMessageStartingWith(sentence + "it may be busy: run the command again later");
      assertThat(refused(() -> api.post("/api/v1/runs", Map.of())))
          .hasMessageStartingWith(sentence + "it may do it all the same: look whether it did");
    }
  }

  private static URI address(ServerSocket socket) {
    return URI.create("http://127.0.0.1:" + socket.getLocalPort());
  }

  private static void answerOnce(ServerSocket server, String answer) {
    try (Socket asking = server.accept()) {
      asking.getInputStream().read(new byte[4096]);
      asking.getOutputStream().write(answer.getBytes(StandardCharsets.UTF_8));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static ApiException refused(ThrowingCallable call) {
    return catchThrowableOfType(ApiException.class, call);
  }
}
