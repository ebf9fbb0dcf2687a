package dev.modelflow.objects;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/** Folders with all that is in them. */
public final class Folders {
  private Folders() {}

  /**
   * Deletes a folder with all that is in it, or a file; nothing where there is none. Of a symbolic
   * link, the link alone: what it leads to stays. What others delete meanwhile is no failure.
   */
  public static void delete(Path folder) throws IOException {
    Files.walkFileTree(folder, new DeepestFirst());
  }

  private static final class DeepestFirst extends SimpleFileVisitor<Path> {
    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      Files.deleteIfExists(file);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
      if (failure instanceof NoSuchFileException) {
        return FileVisitResult.CONTINUE;
      }
      throw failure;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path emptied, @Nullable IOException failure)
        throws IOException {
      if (failure != null) {
        throw failure;
      }
      Files.deleteIfExists(emptied);
      return FileVisitResult.CONTINUE;
    }
  }
}
