package dev.modelflow.weights;

import dev.modelflow.weights.Safetensors.Shape;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;

/** The header of a safetensors file, tensor by tensor, all of one type and back to back. */
final class Header {
  private final ElementType type;
  private final StringBuilder json = new StringBuilder("{\"__metadata__\":{\"format\":\"pt\"}");
  private long data;

  Header(ElementType type) {
    this.type = type;
  }

  void add(Shape tensor) {
    json.append(entry(tensor));
    data += bytes(tensor);
  }

  /** Bytes of the whole file if {@code tensor} were its last. */
  long fileBytesWith(Shape tensor) {
    int length = json.length() + entry(tensor).length() + 1;
    return Long.BYTES + length + padding(length) + data + bytes(tensor);
  }

  /** As the file has it, padded with spaces to a multiple of eight. */
  byte[] bytes() {
    StringBuilder whole = new StringBuilder(json).append('}');
    whole.repeat(' ', padding(whole.length()));
    return whole.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static int padding(int length) {
    return Math.floorMod(-length, 8);
  }

  private long bytes(Shape tensor) {
    return tensor.size() * type.bytes();
  }

  private String entry(Shape tensor) {
    String extents =
        tensor.extents().stream().map(String::valueOf).collect(Collectors.joining(","));
    return ",\"%s\":{\"dtype\":\"%s\",\"shape\":[%s],\"data_offsets\":[%d,%d]}"
        .formatted(tensor.name(), type, extents, data, data + bytes(tensor));
  }
}
