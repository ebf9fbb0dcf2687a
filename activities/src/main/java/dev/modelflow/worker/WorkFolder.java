package dev.modelflow.worker;

import dev.modelflow.objects.Folders;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A folder that a worker, or an attempt, begins with empty. */
final class WorkFolder {
  private WorkFolder() {}

  /** Makes {@code folder}, or empties the one that is there: it may be a mount point. */
  static Path fresh(Path folder) {
    try {
      Files.createDirectories(folder);
      for (Path left : inside(folder)) {
        Folders.delete(left);
      }
      return folder;
    } catch (IOException failure) {
      throw new UncheckedIOException("Could not make folder " + folder, failure);
    }
  }

  private static List<Path> inside(Path folder) throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.toList();
    }
  }

  /** Removes {@code folder} with all that is in it; harmless when there is none. */
  static void delete(Path folder) {
    try {
      Folders.delete(folder);
    } catch (IOException failure) {
      throw new UncheckedIOException("Could not remove folder " + folder, failure);
    }
  }
}
