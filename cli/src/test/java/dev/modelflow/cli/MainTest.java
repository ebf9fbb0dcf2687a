package dev.modelflow.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelflow.cli.client.FakeServer;
import dev.modelflow.cli.client.FakeServer.Answer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class MainTest {
  private static final Pattern KINDS = Pattern.compile("=~ \\^\\((--containers[^)]+)\\)\\$");

  @TempDir private Path folder;
  private final StringWriter err = new StringWriter();

  @Test
  void theHelpTellsOfWhatTheLauncherTakes() throws IOException {
    Matcher kinds = KINDS.matcher(Files.readString(Path.of("../modelflow")));
    assertThat(kinds.find()).as("the launcher lists its kinds of tests").isTrue();
    String help = Main.commandLine().getUsageMessage();
    assertThat(help).contains(kinds.group(1).split("\\|", -1)).contains("modelflow stack ...");
    assertThat(help.lines()).allMatch(line -> line.length() <= 100);
  }

  @Test
  void aFolderThatCannotBeMadeIsNoMistakeOfOurs() throws IOException {
    Path file = Files.writeString(folder.resolve("audit"), "");
    String id = "3".repeat(64);
    assertThat(audit(id, file)).isEqualTo(1);
    assertThat(err.toString())
        .isEqualToIgnoringNewLines(
            "Cannot use %s: there is a file of this name; check the path, or name another place"
                .formatted(file));
  }

  @Test
  void aFileThatCannotBeWrittenIsNoMistakeOfOurs() throws IOException {
    String id = "3".repeat(64);
    Path file = folder.resolve("audit-333333333333.json");
    Files.createSymbolicLink(file, Path.of("/dev/full"));
    assertThat(audit(id, folder)).isEqualTo(1);
    assertThat(err.toString())
        .isEqualToIgnoringNewLines(
            "Cannot write %s: No space left on device; make room and run the command again"
                .formatted(file));
  }

  private int audit(String id, Path into) throws IOException {
    Path token = Files.writeString(folder.resolve("token"), "mf_token");
    try (FakeServer server = new FakeServer().at("/", Answer.of("{}"))) {
      CommandLine line = Main.commandLine().setErr(new PrintWriter(err, true));
      return line.execute(
          "audit",
          id,
          "--output",
          into.toString(),
          "--server",
          server.uri().toString(),
          "--token-file",
          token.toString());
    }
  }
}
