package dev.modelflow.tls;

import java.nio.file.Path;

/** A file does not hold what it should. The message goes on a sentence that names the setting. */
public final class BadFileException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /**
   * Reads {@code 'FILE', which FAULT: REMEDY}.
   *
   * @param file that was read
   * @param fault what is wrong with it, e.g. {@code is empty}
   * @param remedy what to do
   */
  public BadFileException(Path file, String fault, String remedy) {
    super("'%s', which %s: %s".formatted(file, fault, remedy));
  }
}
