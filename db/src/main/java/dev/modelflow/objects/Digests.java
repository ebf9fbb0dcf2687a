package dev.modelflow.objects;

import dev.modelflow.domain.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;

/** SHA-256 of files and streams. */
public final class Digests {
  private static final int BUFFER = 1 << 16;

  private Digests() {}

  /** The digest of a file's bytes. */
  public static Digest of(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return copy(in, OutputStream.nullOutputStream());
    }
  }

  /** Copies all bytes and returns their digest. */
  static Digest copy(InputStream in, OutputStream out) throws IOException {
    MessageDigest accumulator = Digest.sha256();
    byte[] buffer = new byte[BUFFER];
    for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
      accumulator.update(buffer, 0, read);
      out.write(buffer, 0, read);
    }
    return Digest.of(accumulator);
  }
}
