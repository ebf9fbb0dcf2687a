package dev.modelflow.cli;

import dev.modelflow.cli.client.Api;
import dev.modelflow.cli.client.FileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "audit",
    description = {
      "Writes where an artifact came from, as JSON and as a readable page:",
      "stages, parameters, code, data sources with licences and digests, evaluations."
    },
    footer = {"", "Example: modelflow audit 3f2a9c -o audit"})
@SuppressWarnings("NullAway.Init") // picocli sets the field
final class AuditCommand extends Asking {
  @Parameters(
      paramLabel = "ARTIFACT",
      description = "The id of an artifact, e.g. a checkpoint, or its first characters.")
  private String artifact;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "DIR",
      description = "Where to write (default: here).")
  private Path folder = Path.of("");

  @Override
  public Integer call() throws IOException {
    Api api = api();
    String id = artifactId(api, artifact);
    String path = Api.path("artifacts", id, "audit");
    String json = api.getText(path, "application/json");
    String page = api.getText(path, "text/html");
    Files.createDirectories(folder.toAbsolutePath());
    String stem = "audit-" + id.substring(0, 12);
    write(folder.resolve(stem + ".json"), json);
    write(folder.resolve(stem + ".html"), page);
    return 0;
  }

  private void write(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException failure) {
      throw FileException.writing(file, failure);
    }
    say("Wrote " + file);
  }
}
