package dev.modelflow.engine.checkpoint;

import dev.modelflow.engine.checkpoint.Safetensors.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A safetensors file of float32 tensors, open for reading. Its header is checked before any use.
 */
public final class SafetensorsFile implements AutoCloseable {
  /** Hugging Face's own limit: a longer header is a sign of a broken file. */
  private static final long MAX_HEADER = 100_000_000;

  private record Located(Shape shape, long start) {}

  private final Path path;
  private final FileChannel channel;
  private final Map<String, Located> tensors = new LinkedHashMap<>();

  private SafetensorsFile(Path path, FileChannel channel) {
    this.path = path;
    this.channel = channel;
  }

  /**
   * Opens the file.
   *
   * @throws IOException when it is not a whole safetensors file, or holds other types than float32
   */
  public static SafetensorsFile open(Path path) throws IOException {
    FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
    SafetensorsFile file = new SafetensorsFile(path, channel);
    try {
      file.readHeader();
      return file;
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  /** Names and shapes in the header's order. */
  public List<Shape> shapes() {
    return tensors.values().stream().map(Located::shape).toList();
  }

  /** The values of one tensor in row-major order. */
  public float[] read(String name) throws IOException {
    Located tensor = tensors.get(name);
    if (tensor == null) {
      throw broken("it has no tensor '" + name + "'");
    }
    int size = Math.toIntExact(tensor.shape().size());
    ByteBuffer bytes = read(tensor.start(), size * Float.BYTES);
    float[] values = new float[size];
    bytes.asFloatBuffer().get(values);
    return values;
  }

  private void readHeader() throws IOException {
    long length = channel.size() < Long.BYTES ? -1 : read(0, Long.BYTES).getLong();
    if (length < 2 || length > MAX_HEADER || length > channel.size() - Long.BYTES) {
      throw broken("its header claims " + length + " bytes of a file of " + channel.size());
    }
    String json = StandardCharsets.UTF_8.decode(read(Long.BYTES, (int) length)).toString();
    long dataStart = Long.BYTES + length;
    long end = 0;
    for (Map.Entry<String, JsonNode> entry : parsed(json).properties()) {
      if (!entry.getKey().equals("__metadata__")) {
        Located tensor = locate(entry.getKey(), entry.getValue(), dataStart, end);
        tensors.put(entry.getKey(), tensor);
        end += tensor.shape().size() * Float.BYTES;
      }
    }
    if (dataStart + end != channel.size()) {
      throw broken(
          "its tensors end at byte " + (dataStart + end) + " and the file at " + channel.size());
    }
  }

  private JsonNode parsed(String json) throws IOException {
    try {
      JsonNode header = JsonMapper.shared().readTree(json);
      if (!header.isObject()) {
        throw broken("its header is not a JSON object");
      }
      return header;
    } catch (JacksonException e) {
      throw broken("its header is not JSON: " + e.getOriginalMessage());
    }
  }

  private Located locate(String name, JsonNode entry, long dataStart, long expected)
      throws IOException {
    if (!entry.path("dtype").asString("").equals("F32")) {
      throw broken("tensor '" + name + "' is of type " + entry.path("dtype") + ", not F32");
    }
    List<Long> extents = new ArrayList<>();
    for (JsonNode extent : entry.path("shape")) {
      if (!extent.isIntegralNumber() || extent.asLong() < 0) {
        throw broken("tensor '" + name + "' has shape " + entry.path("shape"));
      }
      extents.add(extent.asLong());
    }
    Shape shape = new Shape(name, extents);
    JsonNode offsets = entry.path("data_offsets");
    long start = offsets.path(0).asLong(-1);
    long end = offsets.path(1).asLong(-1);
    if (start != expected || end - start != bytes(shape)) {
      throw broken("tensor " + shape + " claims bytes " + offsets + ", expected from " + expected);
    }
    return new Located(shape, dataStart + start);
  }

  private long bytes(Shape shape) throws IOException {
    try {
      return Math.multiplyExact(shape.size(), Float.BYTES);
    } catch (ArithmeticException e) {
      throw broken("tensor " + shape + " is larger than any file");
    }
  }

  private ByteBuffer read(long start, int length) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    while (buffer.hasRemaining()) {
      if (channel.read(buffer, start + buffer.position()) < 0) {
        throw broken("it ends in the middle of its data");
      }
    }
    return buffer.flip();
  }

  private IOException broken(String why) {
    return new IOException(
        path.getFileName() + " is not a whole safetensors file: " + why + ". Fetch it again");
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
