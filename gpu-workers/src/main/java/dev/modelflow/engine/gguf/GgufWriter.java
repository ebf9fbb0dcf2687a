package dev.modelflow.engine.gguf;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Writes a GGUF file, version 3: keys with their values, a list of tensors, the tensors' data, each
 * aligned. Equal contents make equal bytes. Source: docs/gguf.md of ggml.
 */
final class GgufWriter {
  private static final int MAGIC = 0x46554747;
  private static final int VERSION = 3;
  private static final int ALIGNMENT = 32;
  private static final int VALUES_AT_ONCE = 1 << 20;

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
   * @param shape rows before columns
   * @param type of its values
   */
  record Tensor(String name, List<Long> shape, GgufType type) {
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
   * @param values gives each tensor's values in row-major order, when it is its turn
   */
  static void write(
      Path file,
      Map<String, Object> metadata,
      List<Tensor> tensors,
      Function<Tensor, float[]> values)
      throws IOException {
    byte[] header = new GgufWriter().header(metadata, tensors);
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 16)) {
      out.write(header);
      pad(out, header.length);
      for (Tensor tensor : tensors) {
        write(out, tensor.type(), values.apply(tensor));
        pad(out, tensor.bytes());
      }
    }
  }

  private static void write(OutputStream out, GgufType type, float[] values) throws IOException {
    for (int from = 0; from < values.length; from += VALUES_AT_ONCE) {
      float[] some =
          Arrays.copyOfRange(values, from, Math.min(values.length, from + VALUES_AT_ONCE));
      int size = Math.toIntExact(type.bytes(some.length));
      ByteBuffer bytes = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
      type.encode(some, bytes);
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
