package dev.modelflow.objects;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Writes a file and says {@link UnwritableException} when it cannot, so that a full disk here is
 * not taken for a store that is away.
 */
final class TargetStream extends OutputStream {
  private final Path target;
  private final OutputStream out;

  /** Empties {@code target}, or makes it. */
  TargetStream(Path target) throws IOException {
    this.target = target;
    this.out = Files.newOutputStream(target);
  }

  @Override
  public void write(int one) throws IOException {
    write(new byte[] {(byte) one}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    try {
      out.write(bytes, offset, length);
    } catch (ClosedByInterruptException stopped) {
      throw stopped;
    } catch (IOException refused) {
      throw new UnwritableException(target, refused);
    }
  }

  // Some file systems say only here that the bytes found no room.
  @Override
  public void close() throws IOException {
    try {
      out.close();
    } catch (IOException refused) {
      throw new UnwritableException(target, refused);
    }
  }
}
