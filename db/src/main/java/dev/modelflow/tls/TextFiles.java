package dev.modelflow.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Small files of text, such as secrets. */
public final class TextFiles {
  private TextFiles() {}

  /**
   * What the file holds, without white space around it.
   *
   * @throws BadFileException when it cannot be read or holds nothing
   */
  public static String read(Path file) {
    String text;
    try {
      text = Files.readString(file).strip();
    } catch (IOException failure) {
      throw new BadFileException(
          file,
          "cannot be read (%s)".formatted(failure.getClass().getSimpleName()),
          "name a file that this process may read");
    }
    if (text.isEmpty()) {
      throw new BadFileException(file, "is empty", "write the secret into it");
    }
    return text;
  }
}
