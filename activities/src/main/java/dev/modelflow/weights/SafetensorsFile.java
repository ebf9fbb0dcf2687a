package dev.modelflow.weights;

import dev.modelflow.weights.Safetensors.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A safetensors file of floating-point tensors, open for reading. Its header is checked before any
 * use.
 */
public final class SafetensorsFile implements AutoCloseable {
  /** Hugging Face's own limit: a longer header is a sign of a broken file. */
  private static final long MAX_HEADER = 100_000_000;

  private record Located(Shape shape, ElementType type, long start, long end) {
    String claim() {
      return "tensor %s claims bytes [%d,%d]".formatted(shape, start, end);
    }
  }

  private final Path path;
  private final FileChannel channel;
  private final Map<String, Located> tensors = new LinkedHashMap<>();
  private long dataStart;

  private SafetensorsFile(Path path, FileChannel channel) {
    this.path = path;
    this.channel = channel;
  }

  /**
   * Opens the file.
   *
   * @throws CheckpointException when it is not a whole safetensors file, or holds other types than
   *     F32, BF16 and F16
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

  /** Names and shapes in the data's order. */
  public List<Shape> shapes() {
    return tensors.values().stream().map(Located::shape).toList();
  }

  /** Whether every tensor has values of this type. */
  public boolean hasOnly(ElementType type) {
    return tensors.values().stream().allMatch(tensor -> tensor.type() == type);
  }

  /**
   * Puts {@code count} values of a tensor, in row-major order and beginning with that number {@code
   * from}, at the beginning of {@code into}; of the shorter types exactly the same values.
   */
  public void read(String name, long from, int count, float[] into) throws IOException {
    Located tensor = located(name);
    int width = tensor.type().bytes();
    long start = dataStart + tensor.start() + from * width;
    tensor.type().decode(read(start, Math.multiplyExact(count, width)), into);
  }

  private Located located(String name) throws IOException {
    Located tensor = tensors.get(name);
    if (tensor == null) {
      throw broken("it has no tensor '" + name + "'");
    }
    return tensor;
  }

  private void readHeader() throws IOException {
    if (channel.size() < Long.BYTES) {
      throw broken("it ends after " + channel.size() + " bytes, within the length of its header");
    }
    long length = read(0, Long.BYTES).getLong();
    if (length < 2 || length > MAX_HEADER || length > channel.size() - Long.BYTES) {
      throw broken("its header claims " + length + " bytes of a file of " + channel.size());
    }
    String json = StandardCharsets.UTF_8.decode(read(Long.BYTES, (int) length)).toString();
    dataStart = Long.BYTES + length;
    List<Located> located = new ArrayList<>();
    for (Map.Entry<String, JsonNode> entry : parsed(json).properties()) {
      if (!entry.getKey().equals("__metadata__")) {
        located.add(locate(entry.getKey(), entry.getValue()));
      }
    }
    // A header may name its tensors in any order; their data have no gaps and no overlaps.
    located.sort(Comparator.comparingLong(Located::start).thenComparingLong(Located::end));
    long end = 0;
    for (Located tensor : located) {
      if (tensor.start() != end) {
        throw broken(tensor.claim() + ", expected from " + end);
      }
      end = tensor.end();
      tensors.put(tensor.shape().name(), tensor);
    }
    requireEnd(dataStart + end);
  }

  private void requireEnd(long end) throws IOException {
    for (Located tensor : tensors.values()) {
      if (dataStart + tensor.end() > channel.size()) {
        throw broken(
            "tensor %s ends at byte %d and the file at %d"
                .formatted(tensor.shape(), dataStart + tensor.end(), channel.size()));
      }
    }
    if (end != channel.size()) {
      throw broken("its tensors end at byte " + end + " and the file at " + channel.size());
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

  private Located locate(String name, JsonNode entry) throws IOException {
    ElementType type = ElementType.of(entry.path("dtype").asString(""));
    if (type == null) {
      throw broken(
          "tensor '%s' is of type %s, not F32, BF16 or F16".formatted(name, entry.path("dtype")));
    }
    List<Long> extents = new ArrayList<>();
    for (JsonNode extent : entry.path("shape")) {
      if (!extent.isIntegralNumber() || !extent.canConvertToLong() || extent.asLong() < 0) {
        throw broken("tensor '" + name + "' has shape " + entry.path("shape"));
      }
      extents.add(extent.asLong());
    }
    Shape shape = new Shape(name, extents);
    JsonNode offsets = entry.path("data_offsets");
    Located tensor = new Located(shape, type, offset(offsets, 0), offset(offsets, 1));
    if (tensor.start() < 0 || tensor.end() - tensor.start() != bytes(shape, type)) {
      throw broken("tensor " + shape + " claims bytes " + offsets + " for its " + type + " values");
    }
    return tensor;
  }

  private static long offset(JsonNode offsets, int index) {
    JsonNode offset = offsets.path(index);
    return offset.isIntegralNumber() && offset.canConvertToLong() ? offset.asLong() : -1;
  }

  private long bytes(Shape shape, ElementType type) throws IOException {
    try {
      return Math.multiplyExact(shape.size(), (long) type.bytes());
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

  private CheckpointException broken(String why) {
    return new CheckpointException(
        path.getFileName() + " is not a whole safetensors file: " + why + ". Fetch it again");
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
