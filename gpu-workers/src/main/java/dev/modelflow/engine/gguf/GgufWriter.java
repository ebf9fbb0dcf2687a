package dev.modelflow.engine.gguf;

import dev.modelflow.engine.tensor.PieceReader;
import dev.modelflow.engine.tensor.Pieces;
import dev.modelflow.engine.tensor.Range;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Writes a GGUF file, version 3: keys with their values, a list of tensors, the tensors' data, each
 * aligned. Equal contents make equal bytes. Source: docs/gguf.md of ggml.
 */
final class GgufWriter {
  private static final int MAGIC = 0x46554747;
  private static final int VERSION = 3;
  private static final int ALIGNMENT = 32;

  /** The numbers of the types of values. */
  private static final int UINT32 = 4;

  private static final int INT32 = 5;
  private static final int FLOAT32 = 6;
  private static final int BOOL = 7;
  private static final int STRING = 8;
  private static final int ARRAY = 9;

  /**
   * A tensor to write.
   *
   * @param name as llama.cpp calls it
   * @param weight whose values it has
   * @param shape rows before columns
   * @param type of its values
   */
  record Tensor(String name, String weight, List<Long> shape, GgufType type) {
    long size() {
      return shape.stream().reduce(1L, Math::multiplyExact);
    }

    long bytes() {
      return type.bytes(size());
    }
  }

  private final ByteArrayOutputStream header = new ByteArrayOutputStream();

  private GgufWriter() {}

  /**
   * Writes {@code file}.
   *
   * @param metadata texts, whole numbers, floats, booleans, and lists of one of them
   * @param weights is asked for each tensor's values, piece by piece, when it is its turn
   */
  static void write(
      Path file, Map<String, Object> metadata, List<Tensor> tensors, PieceReader weights)
      throws IOException {
    byte[] header = new GgufWriter().header(metadata, tensors);
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 16)) {
      out.write(header);
      pad(out, header.length);
      for (Tensor tensor : tensors) {
        write(out, tensor, weights);
        pad(out, tensor.bytes());
      }
    }
  }

  /** A piece is whole blocks, since rows are. */
  private static void write(OutputStream out, Tensor tensor, PieceReader weights)
      throws IOException {
    GgufType type = tensor.type();
    for (Range piece : Pieces.of(tensor.size())) {
      float[] values = new float[(int) piece.size()];
      weights.read(tensor.weight(), piece, values);
      int size = Math.toIntExact(type.bytes(values.length));
      ByteBuffer bytes = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
      type.encode(values, bytes);
      out.write(bytes.array());
    }
  }

  private static void pad(OutputStream out, long written) throws IOException {
    out.write(new byte[Math.floorMod(-written, ALIGNMENT)]);
  }

  private byte[] header(Map<String, Object> metadata, List<Tensor> tensors) {
    number(MAGIC);
    number(VERSION);
    count(tensors.size());
    count(metadata.size());
    metadata.forEach(
        (key, value) -> {
          text(key);
          number(typeOf(value, UINT32));
          value(value);
        });
    long offset = 0;
    for (Tensor tensor : tensors) {
      text(tensor.name());
      number(tensor.shape().size());
      // Here the extent that lies closest in memory comes first.
      tensor.shape().reversed().forEach(this::count);
      number(tensor.type().id());
      count(offset);
      offset += tensor.bytes() + Math.floorMod(-tensor.bytes(), ALIGNMENT);
    }
    return header.toByteArray();
  }

  private static int typeOf(Object value, int whole) {
    return switch (value) {
      case Integer _ -> whole;
      case Float _ -> FLOAT32;
      case Boolean _ -> BOOL;
      case String _ -> STRING;
      case List<?> _ -> ARRAY;
      default ->
          throw new IllegalArgumentException("GGUF has no form for " + value.getClass().getName());
    };
  }

  private void value(Object value) {
    switch (value) {
      case Integer whole -> number(whole);
      case Float real -> number(Float.floatToRawIntBits(real));
      case Boolean flag -> header.write(flag ? 1 : 0);
      case List<?> list -> list(list);
      default -> text(value.toString());
    }
  }

  private void list(List<?> list) {
    number(typeOf(list.getFirst(), INT32));
    count(list.size());
    list.forEach(this::value);
  }

  private void text(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    count(utf8.length);
    header.writeBytes(utf8);
  }

  private void number(int number) {
    ByteBuffer bytes = ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    header.writeBytes(bytes.putInt(number).array());
  }

  private void count(long number) {
    ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    header.writeBytes(bytes.putLong(number).array());
  }
}
