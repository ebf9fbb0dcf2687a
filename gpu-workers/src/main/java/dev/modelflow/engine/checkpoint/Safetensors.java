package dev.modelflow.engine.checkpoint;

import dev.modelflow.engine.tensor.PieceReader;
import dev.modelflow.engine.tensor.Pieces;
import dev.modelflow.engine.tensor.Range;
import dev.modelflow.engine.tensor.SignOfLife;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * Writes float32 tensors as a safetensors file: an int64 header length, a JSON header, the data
 * back to back. The header is padded with spaces to a multiple of eight bytes, and tensors keep the
 * order they are given in, so equal tensors make equal bytes.
 */
public final class Safetensors {
  /** A tensor's name and shape. */
  public record Shape(String name, List<Long> extents) {
    /** Number of values. */
    public long size() {
      return extents.stream().reduce(1L, Math::multiplyExact);
    }

    @Override
    public String toString() {
      return "'" + name + "' " + extents;
    }
  }

  /** Gives tensors the bytes of their values, as the file has them. */
  @FunctionalInterface
  interface Bytes {
    /** The little-endian values of one tensor in row-major order, all that remains of buffers. */
    List<ByteBuffer> of(Shape tensor) throws IOException;
  }

  private Safetensors() {}

  /**
   * Writes {@code file}.
   *
   * @param values is asked for each tensor's values, piece by piece, when it is its turn
   */
  public static void write(Path file, List<Shape> tensors, PieceReader values) throws IOException {
    try (FileChannel channel = begun(file, tensors)) {
      for (Shape tensor : tensors) {
        write(channel, tensor, values);
      }
    }
  }

  private static void write(FileChannel channel, Shape tensor, PieceReader reader)
      throws IOException {
    float[] values = Pieces.room(tensor.size());
    ByteBuffer bytes =
        ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (Range piece : Pieces.of(tensor.size())) {
      int count = (int) piece.size();
      reader.read(tensor.name(), piece, values);
      bytes.clear().asFloatBuffer().put(values, 0, count);
      write(channel, bytes.limit(count * Float.BYTES));
    }
  }

  /** Writes tensors that arrays hold, in the map's order, as {@code file}. */
  public static void write(Path file, Map<Shape, float[]> tensors) throws IOException {
    Map<String, float[]> values = new HashMap<>();
    tensors.forEach((shape, array) -> values.put(shape.name(), array));
    write(
        file,
        List.copyOf(tensors.keySet()),
        (tensor, piece, into) -> {
          float[] array = Objects.requireNonNull(values.get(tensor));
          System.arraycopy(array, (int) piece.from(), into, 0, (int) piece.size());
        });
  }

  /**
   * Writes {@code file} from memory that has the values as the file does.
   *
   * @param bytes gives each tensor's, when it is its turn
   * @param sign is given after each piece that is written
   */
  static void writeBytes(Path file, List<Shape> tensors, Bytes bytes, SignOfLife sign)
      throws IOException {
    try (FileChannel channel = begun(file, tensors)) {
      for (Shape tensor : tensors) {
        for (ByteBuffer buffer : bytes.of(tensor)) {
          write(channel, buffer);
          sign.goesOn();
        }
      }
    }
  }

  /** The file with its header. */
  private static FileChannel begun(Path file, List<Shape> tensors) throws IOException {
    FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING);
    try {
      byte[] header = header(tensors);
      ByteBuffer length = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
      write(channel, length.putLong(header.length).flip());
      write(channel, ByteBuffer.wrap(header));
      return channel;
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private static void write(FileChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  /** Reads every tensor of {@code file}, which arrays hold; see {@link SafetensorsFile#open}. */
  public static Map<String, float[]> readAll(Path file) throws IOException {
    try (SafetensorsFile tensors = SafetensorsFile.open(file)) {
      Map<String, float[]> values = new LinkedHashMap<>();
      for (Shape shape : tensors.shapes()) {
        float[] array = new float[Math.toIntExact(shape.size())];
        tensors.read(shape.name(), Range.of(shape.size()), array);
        values.put(shape.name(), array);
      }
      return values;
    }
  }

  private static byte[] header(List<Shape> tensors) {
    StringBuilder json = new StringBuilder("{\"__metadata__\":{\"format\":\"pt\"}");
    long offset = 0;
    for (Shape tensor : tensors) {
      long end = offset + tensor.size() * Float.BYTES;
      String extents =
          tensor.extents().stream().map(String::valueOf).collect(Collectors.joining(","));
      json.append(
          ",\"%s\":{\"dtype\":\"F32\",\"shape\":[%s],\"data_offsets\":[%d,%d]}"
              .formatted(tensor.name(), extents, offset, end));
      offset = end;
    }
    json.append('}');
    json.repeat(' ', Math.floorMod(-json.length(), 8));
    return json.toString().getBytes(StandardCharsets.UTF_8);
  }
}
