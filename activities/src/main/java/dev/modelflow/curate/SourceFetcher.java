package dev.modelflow.curate;

import dev.modelflow.domain.Digest;
import dev.modelflow.domain.FailureClass;
import dev.modelflow.objects.Digests;
import dev.modelflow.worker.StageFailedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Brings pinned artifacts onto this machine. What the local Maven repository already has is used as
 * it is, without a network; the rest Maven downloads. Either way the digest must be the pinned one.
 */
final class SourceFetcher {
  private final Path repository;
  private final MavenClient maven;
  private final Consumer<String> log;

  /**
   * A fetcher.
   *
   * @param repository the local Maven repository to look into first
   */
  SourceFetcher(Path repository, MavenClient maven, Consumer<String> log) {
    this.repository = repository;
    this.maven = maven;
    this.log = log;
  }

  /** The machine's usual local repository. */
  static Path localRepository() {
    return Path.of(
        System.getProperty(
            "maven.repo.local",
            Path.of(System.getProperty("user.home"), ".m2", "repository").toString()));
  }

  /**
   * The file of each pin, checked.
   *
   * @param folder where Maven copies to
   */
  Map<SourcePin, Path> fetch(List<SourcePin> pins, Path folder) {
    Map<SourcePin, Path> files = new LinkedHashMap<>();
    List<SourcePin> missing =
        pins.stream().filter(pin -> !Files.exists(pin.coordinate().in(repository))).toList();
    if (!missing.isEmpty()) {
      log.accept("Fetching with Maven: " + String.join(", ", artifacts(missing)));
      maven.copy(missing.stream().map(SourcePin::coordinate).distinct().toList(), folder);
    }
    for (SourcePin pin : pins) {
      Path file =
          missing.contains(pin)
              ? folder.resolve(pin.coordinate().fileName())
              : pin.coordinate().in(repository);
      check(pin, file);
      files.put(pin, file);
    }
    return files;
  }

  private static List<String> artifacts(List<SourcePin> pins) {
    return pins.stream().map(SourcePin::artifact).distinct().toList();
  }

  private static void check(SourcePin pin, Path file) {
    String found = digest(file).hex();
    if (!found.equals(pin.sha256())) {
      throw new StageFailedException(
          FailureClass.DATA,
          "Source '%s': %s has SHA-256 %s, but the recipe pins %s: compare with the publisher's"
                  .formatted(pin.name(), pin.artifact(), found, pin.sha256())
              + " digest, then mend the pin or remove the file "
              + file);
    }
  }

  private static Digest digest(Path file) {
    try {
      return Digests.of(file);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + file, e);
    }
  }
}
