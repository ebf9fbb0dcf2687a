package dev.modelflow.adapter;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * Writes an array of int32 as NumPy's format 1.0: magic, a header in Python's syntax padded to a
 * multiple of 64 bytes, the values in row-major order. It appears under its name when it is whole.
 */
final class NpyFile implements AutoCloseable {
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0};
  private static final int ALIGNMENT = 64;

  private final Path file;
  private final Path temporary;
  private final OutputStream out;
  private long missing;

  /** Begins the file; as many values must follow as {@code shape} has. */
  NpyFile(Path file, int... shape) throws IOException {
    this.file = file;
    temporary = file.resolveSibling(file.getFileName() + ".part");
    out = new BufferedOutputStream(Files.newOutputStream(temporary), 1 << 16);
    missing = Arrays.stream(shape).asLongStream().reduce(1, Math::multiplyExact);
    out.write(header(shape));
  }

  private static byte[] header(int... shape) {
    String extents = Arrays.stream(shape).mapToObj(it -> it + ",").collect(Collectors.joining(" "));
    String text = "{'descr': '<i4', 'fortran_order': False, 'shape': (%s), }".formatted(extents);
    int unpadded = MAGIC.length + Short.BYTES + text.length() + 1;
    int length = (unpadded + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT - MAGIC.length - Short.BYTES;
    String padded = text + " ".repeat(length - text.length() - 1) + "\n";
    return ByteBuffer.allocate(MAGIC.length + Short.BYTES + length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put(MAGIC)
        .putShort((short) length)
        .put(padded.getBytes(StandardCharsets.US_ASCII))
        .array();
  }

  /** Adds values. */
  void add(int... values) throws IOException {
    ByteBuffer bytes =
        ByteBuffer.allocate(values.length * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asIntBuffer().put(values);
    out.write(bytes.array());
    missing -= values.length;
  }

  /** Completes the file; throws {@link IllegalStateException} when values are missing. */
  @Override
  public void close() throws IOException {
    out.close();
    if (missing != 0) {
      throw new IllegalStateException(file + " lacks " + missing + " of its values");
    }
    Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
  }
}
