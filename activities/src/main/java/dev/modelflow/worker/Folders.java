package dev.modelflow.worker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Makes and removes working folders. */
final class Folders {
  private Folders() {}

  /** Makes {@code folder}, or empties the one that is there: it may be a mount point. */
  static Path fresh(Path folder) {
    try {
      Files.createDirectories(folder);
      try (Stream<Path> inside = Files.list(folder)) {
        inside.forEach(Folders::delete);
      }
      return folder;
    } catch (IOException failure) {
      throw new UncheckedIOException("Could not make folder " + folder, failure);
    }
  }

  /** Removes {@code folder} with all that is in it; harmless when there is none. */
  static void delete(Path folder) {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> walk = Files.walk(folder)) {
      List<Path> deepestFirst = walk.sorted(Comparator.reverseOrder()).toList();
      for (Path path : deepestFirst) {
        Files.deleteIfExists(path);
      }
    } catch (IOException failure) {
      throw new UncheckedIOException("Could not remove folder " + folder, failure);
    }
  }
}
