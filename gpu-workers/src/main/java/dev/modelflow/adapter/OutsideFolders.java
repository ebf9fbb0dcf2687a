package dev.modelflow.adapter;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Folders that a trainer of others has written. */
final class OutsideFolders {
  private OutsideFolders() {}

  /** Copies everything in {@code source} into {@code target}, which is made when there is none. */
  static void copy(Path source, Path target) throws IOException {
    List<Path> all;
    try (Stream<Path> files = Files.walk(source)) {
      all = files.sorted().toList();
    }
    for (Path file : all) {
      Path copy = target.resolve(source.relativize(file));
      if (Files.isDirectory(file)) {
        Files.createDirectories(copy);
      } else {
        Files.copy(file, copy);
      }
    }
  }
}
