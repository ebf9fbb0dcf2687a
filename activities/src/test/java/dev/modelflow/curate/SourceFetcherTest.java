package dev.modelflow.curate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelflow.domain.Digest;
import dev.modelflow.domain.FailureClass;
import dev.modelflow.worker.StageFailedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SourceFetcherTest {
  private static final byte[] CONTENT = {1, 2, 3};

  @TempDir Path folder;
  private final List<String> log = new ArrayList<>();
  private Path repository = Path.of(".");

  @BeforeEach
  void makeRepository() throws IOException {
    repository = Files.createDirectory(folder.resolve("repository"));
  }

  @Test
  void usesWhatTheLocalRepositoryHasWithoutMaven() throws IOException {
    SourcePin pin = pin(Digest.of(CONTENT).hex());
    Path file = pin.coordinate().in(repository);
    Files.createDirectories(file.getParent());
    Files.write(file, CONTENT);
    assertThat(fetcher("/no/such/maven").fetch(List.of(pin), folder)).containsEntry(pin, file);
    assertThat(log).isEmpty();
  }

  @Test
  void namesBothDigestsWhenTheyDiffer() throws IOException {
    SourcePin pin = pin("0".repeat(64));
    Path file = pin.coordinate().in(repository);
    Files.createDirectories(file.getParent());
    Files.write(file, CONTENT);
    assertThatThrownBy(() -> fetcher("/no/such/maven").fetch(List.of(pin), folder))
        .isInstanceOfSatisfying(
            StageFailedException.class,
            e -> assertThat(e.failureClass()).isEqualTo(FailureClass.DATA))
        .hasMessageContaining(Digest.of(CONTENT).hex())
        .hasMessageContaining("0".repeat(64));
  }

  @Test
  void letsMavenCopyTheRestAndShowsItsDownloads() throws IOException {
    SourcePin pin = pin(Digest.of(CONTENT).hex());
    Path maven =
        script(
            """
            #!/bin/sh
            grep -q '<classifier>javadoc</classifier>' pom.xml || exit 9
            printf '\\001\\002\\003' > %s/texts-1.0-javadoc.jar
            echo '[INFO] Downloading from central: https://example.org/texts-1.0-javadoc.jar'
            echo '[INFO] something else'
            """
                .formatted(folder));
    assertThat(fetcher(maven.toString()).fetch(List.of(pin), folder))
        .containsEntry(pin, folder.resolve("texts-1.0-javadoc.jar"));
    assertThat(log)
        .containsExactly(
            "Fetching with Maven: org.example:texts:1.0:jar:javadoc",
            "Downloading from central: https://example.org/texts-1.0-javadoc.jar");
  }

  @Test
  void anArtifactThatDoesNotExistIsTheRecipesFaultAndLeavesNothing() throws IOException {
    Path maven =
        script(
            """
            #!/bin/sh
            pwd > %s/where
            echo '[ERROR] Could not find artifact org.example:texts:jar:1.0 in central'
            exit 1
            """
                .formatted(folder));
    assertThatThrownBy(() -> fetcher(maven.toString()).fetch(List.of(pin("0".repeat(64))), folder))
        .isInstanceOfSatisfying(
            StageFailedException.class,
            e -> assertThat(e.failureClass()).isEqualTo(FailureClass.RECIPE))
        .hasMessageContaining("Could not find artifact");
    assertThat(Path.of(Files.readString(folder.resolve("where")).strip())).doesNotExist();
  }

  @Test
  void saysWhenThereIsNoMaven() {
    assertThatThrownBy(() -> fetcher("/no/such/maven").fetch(List.of(pin("0".repeat(64))), folder))
        .isInstanceOf(StageFailedException.class)
        .hasMessageContaining("Cannot start Maven as '/no/such/maven'")
        .hasMessageContaining("install Maven or set MAVEN_HOME");
  }

  @Test
  void theMavenThatWasNamedComesBeforeTheOneAtHomeAndThatBeforeThePath() {
    assertThat(MavenClient.command(Map.of("MODELFLOW_MAVEN", "/a/mvnw", "MAVEN_HOME", "/b")))
        .isEqualTo("/a/mvnw");
    assertThat(MavenClient.command(Map.of("MAVEN_HOME", "/b"))).isEqualTo("/b/bin/mvn");
    assertThat(MavenClient.command(Map.of())).isEqualTo("mvn");
  }

  private SourceFetcher fetcher(String maven) {
    return new SourceFetcher(repository, new MavenClient(maven, log::add), log::add);
  }

  private Path script(String text) throws IOException {
    Path script = folder.resolve("maven.sh");
    Files.writeString(script, text);
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
    return script;
  }

  private static SourcePin pin(String sha256) {
    return new SourcePin(
        "pages",
        "org.example:texts:1.0:jar:javadoc",
        sha256,
        "Apache-2.0",
        "2026-01-01",
        Format.JAVADOC,
        0);
  }
}
