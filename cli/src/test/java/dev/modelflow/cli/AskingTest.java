package dev.modelflow.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelflow.cli.client.FakeServer;
import dev.modelflow.cli.client.FakeServer.Answer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class AskingTest {
  @Test
  void aServerThatIsNamedIsAskedWithTheTokenOfTheFile(@TempDir Path folder) throws IOException {
    Path token = Files.writeString(folder.resolve("token"), "mf_elsewhere\n");
    try (FakeServer server = new FakeServer().at("/", Answer.of("{\"runs\": []}"))) {
      StringWriter out = new StringWriter();
      int code =
          command(out)
              .execute("runs", "--server", server.uri().toString(), "--token-file", "" + token);
      assertThat(out).hasToString("There are no runs." + System.lineSeparator());
      assertThat(code).isZero();
    }
  }

  @Test
  void aServerElsewhereAsksForAToken(@TempDir Path folder) throws IOException {
    Path empty = Files.writeString(folder.resolve("token"), "\n");
    StringWriter err = new StringWriter();
    int code =
        command(new StringWriter())
            .setErr(new PrintWriter(err))
            .execute("runs", "--server", "http://localhost:1", "--token-file", "" + empty);
    assertThat(err).hasToString("There is no token in " + empty + System.lineSeparator());
    assertThat(code).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({
    "http://localhost:7070,http://localhost:7070/",
    "http://localhost:7070/,http://localhost:7070/",
    "https://modelflow.example,https://modelflow.example/"
  })
  void aServerIsNamedByItsAddress(String address, String root) {
    assertThat(Asking.root(address)).hasToString(root);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"localhost:7070", "ftp://localhost", "http://", "http://a/runs", "http://a b"})
  void whatIsNoAddressIsRefused(String address) {
    assertThatThrownBy(() -> Asking.root(address))
        .isInstanceOf(UsageException.class)
        .hasMessageStartingWith("--server " + address + ": ");
  }

  private static CommandLine command(StringWriter out) {
    return Main.commandLine().setOut(new PrintWriter(out, true));
  }
}
