package dev.modelflow.weights;

import dev.modelflow.weights.Safetensors.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * A safetensors file that is being written: an int64 header length, a JSON header, the data back to
 * back. The header is padded with spaces to a multiple of eight bytes, and tensors keep the order
 * they are given in, so equal tensors make equal bytes. Values follow in any number of pieces.
 */
public final class SafetensorsWriter implements AutoCloseable {
  private final FileChannel channel;
  private final ElementType type;
  private ByteBuffer room = ByteBuffer.allocate(0);

  private SafetensorsWriter(FileChannel channel, ElementType type) {
    this.channel = channel;
    this.type = type;
  }

  /** Begins {@code file}, replacing it, with these tensors, whose values are to come in order. */
  public static SafetensorsWriter begin(Path file, List<Shape> tensors, ElementType type)
      throws IOException {
    FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING);
    SafetensorsWriter writer = new SafetensorsWriter(channel, type);
    try {
      Header header = new Header(type);
      tensors.forEach(header::add);
      writer.begin(header.bytes());
      return writer;
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private void begin(byte[] header) throws IOException {
    ByteBuffer length = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    write(length.putLong(header.length).flip());
    write(ByteBuffer.wrap(header));
  }

  /** Writes the first {@code count} values. */
  public void write(float[] values, int count) throws IOException {
    int bytes = count * type.bytes();
    if (room.capacity() < bytes) {
      room = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
    type.encode(values, count, room.clear());
    write(room.flip());
  }

  /** Writes what remains of {@code values}, which has them as the file does. */
  public void write(ByteBuffer values) throws IOException {
    while (values.hasRemaining()) {
      channel.write(values);
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
