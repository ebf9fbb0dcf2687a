package dev.modelflow.engine.stage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelflow.domain.Digest;
import dev.modelflow.objects.Digests;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Compares what stages wrote. */
final class WrittenFolders {
  private WrittenFolders() {}

  static void assertEqualBytes(Path actual, Path expected) throws IOException {
    assertThat(digests(actual)).isEqualTo(digests(expected));
  }

  private static Map<String, Digest> digests(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.collect(
          Collectors.toMap(
              file -> file.getFileName().toString(),
              WrittenFolders::digest,
              (a, b) -> a,
              TreeMap::new));
    }
  }

  private static Digest digest(Path file) {
    try {
      return Digests.of(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
