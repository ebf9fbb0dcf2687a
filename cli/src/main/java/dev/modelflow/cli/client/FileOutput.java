package dev.modelflow.cli.client;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Writes a file. Its failures are {@link FileException}s, so that whoever copies an answer into it
 * can tell them from those of the server.
 */
final class FileOutput extends OutputStream {
  private final Path file;
  private final OutputStream out;

  /** Makes the file's folders where they are missing, and the file empty. */
  FileOutput(Path file) {
    this.file = file;
    try {
      Path folder = file.getParent();
      if (folder != null) {
        Files.createDirectories(folder);
      }
      out = Files.newOutputStream(file);
    } catch (IOException failure) {
      throw FileException.writing(file, failure);
    }
  }

  @Override
  public void write(int value) {
    write(new byte[] {(byte) value}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int from, int length) {
    try {
      out.write(bytes, from, length);
    } catch (IOException failure) {
      throw FileException.writing(file, failure);
    }
  }

  @Override
  public void close() {
    try {
      out.close();
    } catch (IOException failure) {
      throw FileException.writing(file, failure);
    }
  }

  /** Removes what was written before {@code failure}: half a file is worse than none. */
  void discard(Exception failure) {
    try (OutputStream _ = out) {
      Files.deleteIfExists(file);
    } catch (IOException further) {
      failure.addSuppressed(further);
    }
  }
}
