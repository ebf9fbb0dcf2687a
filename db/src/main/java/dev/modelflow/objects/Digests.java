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
  private static final int BUFFER = 1 << 18;

  private Digests() {}

  /** The digest of a file's bytes. */
  public static Digest of(Path file) throws IOException {
    return of(file, () -> {});
  }

  /** The same; {@code afterEach} is run after each piece that is read. */
  public static Digest of(Path file, Runnable afterEach) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return copy(in, OutputStream.nullOutputStream(), afterEach);
    }
  }

  /** Copies all bytes and returns their digest. */
  static Digest copy(InputStream in, OutputStream out) throws IOException {
    return copy(in, out, () -> {});
  }

  private static Digest copy(InputStream in, OutputStream out, Runnable afterEach)
      throws IOException {
    MessageDigest accumulator = Digest.sha256();
    byte[] buffer = new byte[BUFFER];
    // A connection gives a few kilobytes at a time, and each write has its price.
    for (int read = fill(in, buffer); read > 0; read = fill(in, buffer)) {
      accumulator.update(buffer, 0, read);
      out.write(buffer, 0, read);
      afterEach.run();
    }
    return Digest.of(accumulator);
  }

  private static int fill(InputStream in, byte[] buffer) throws IOException {
    return in.readNBytes(buffer, 0, buffer.length);
  }
}
