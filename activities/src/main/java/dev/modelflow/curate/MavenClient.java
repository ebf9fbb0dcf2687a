package dev.modelflow.curate;

import dev.modelflow.domain.FailureClass;
import dev.modelflow.objects.Folders;
import dev.modelflow.worker.StageFailedException;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Maven's own client, as a process: the user's settings, mirrors, proxies and local repository
 * apply.
 */
final class MavenClient {
  private static final String PLUGIN =
      "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy";

  private final String command;
  private final Consumer<String> log;

  /**
   * A client that tells {@code log} what it downloads.
   *
   * @param command Maven's launcher
   */
  MavenClient(String command, Consumer<String> log) {
    this.command = command;
    this.log = log;
  }

  /**
   * The machine's Maven: the launcher in {@code MODELFLOW_MAVEN}, or the one in {@code MAVEN_HOME},
   * or {@code mvn} of the path.
   */
  static String command(Map<String, String> environment) {
    String named = environment.getOrDefault("MODELFLOW_MAVEN", "");
    if (!named.isEmpty()) {
      return named;
    }
    String name = File.separatorChar == '\\' ? "mvn.cmd" : "mvn";
    String home = environment.getOrDefault("MAVEN_HOME", "");
    return home.isEmpty() ? name : Path.of(home, "bin", name).toString();
  }

  /** Copies the artifacts into the folder, from the local repository or from the remote ones. */
  void copy(List<Coordinate> artifacts, Path folder) {
    try {
      Path project = Files.createTempDirectory("modelflow-maven");
      // What Maven failed with is said, even where its folder cannot be deleted either.
      try (Closeable _ = () -> Folders.delete(project)) {
        Files.writeString(project.resolve("pom.xml"), pom(artifacts, folder));
        run(project);
      }
    } catch (IOException e) {
      throw new StageFailedException(
          FailureClass.PLATFORM,
          "Cannot start Maven as '%s' (%s): install Maven or set MAVEN_HOME"
              .formatted(command, e.getMessage()));
    }
  }

  private void run(Path project) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command, "-B", PLUGIN);
    builder.directory(project.toFile()).redirectErrorStream(true);
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    Process process = builder.start();
    List<String> errors = new ArrayList<>();
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        if (line.contains("Downloading from") || line.contains("Downloaded from")) {
          log.accept(line.replaceFirst("^\\[INFO\\] ", ""));
        } else if (line.startsWith("[ERROR]")) {
          errors.add(line.substring("[ERROR]".length()).strip());
        }
      }
    }
    await(process, errors);
  }

  private void await(Process process, List<String> errors) {
    try {
      int code = process.waitFor();
      if (code != 0) {
        String reason = errors.isEmpty() ? "no reason given" : errors.getFirst();
        boolean absent = reason.contains("Could not find artifact");
        throw new StageFailedException(
            absent ? FailureClass.RECIPE : FailureClass.PLATFORM,
            "Maven ended with exit code %d: %s".formatted(code, reason));
      }
    } catch (InterruptedException e) {
      process.destroy();
      Thread.currentThread().interrupt();
      throw new StageFailedException(FailureClass.PLATFORM, "Stopped while Maven was downloading");
    }
  }

  private static String pom(List<Coordinate> artifacts, Path folder) {
    StringBuilder items = new StringBuilder();
    for (Coordinate item : artifacts) {
      items
          .append("<artifactItem>")
          .append(element("groupId", item.group()))
          .append(element("artifactId", item.artifact()))
          .append(element("version", item.version()))
          .append(element("type", item.type()))
          .append(item.classifier().isEmpty() ? "" : element("classifier", item.classifier()))
          .append("</artifactItem>");
    }
    return """
    <project xmlns="http://maven.apache.org/POM/4.0.0">
      <modelVersion>4.0.0</modelVersion>
      <groupId>dev.modelflow</groupId><artifactId>sources</artifactId><version>1</version>
      <packaging>pom</packaging>
      <build><plugins><plugin>
        <groupId>org.apache.maven.plugins</groupId>
        <artifactId>maven-dependency-plugin</artifactId><version>3.8.1</version>
        <configuration>%s<artifactItems>%s</artifactItems></configuration>
      </plugin></plugins></build>
    </project>
    """
        .formatted(element("outputDirectory", folder.toAbsolutePath().toString()), items);
  }

  private static String element(String name, String text) {
    String escaped = text.replace("&", "&amp;").replace("<", "&lt;");
    return "<" + name + ">" + escaped + "</" + name + ">";
  }
}
