package dev.modelflow.engine.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelflow.engine.checkpoint.Safetensors.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.FloatRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsTest {
  @TempDir private Path folder;
  private Path file;

  @BeforeEach
  void write() throws IOException {
    file = folder.resolve("a.safetensors");
    write(file, Map.of("w", new float[] {1, -2, 3.5f, Float.MIN_VALUE}));
  }

  private static void write(Path file, Map<String, float[]> tensors) throws IOException {
    List<Shape> shapes =
        tensors.keySet().stream()
            .map(name -> new Shape(name, List.of((long) length(tensors, name))))
            .toList();
    Safetensors.write(file, shapes, shape -> tensors.getOrDefault(shape.name(), new float[0]));
  }

  private static int length(Map<String, float[]> tensors, String name) {
    return tensors.getOrDefault(name, new float[0]).length;
  }

  @Property(tries = 60)
  void whatIsWrittenIsRead(
      @ForAll @Size(max = 6)
          List<@Size(max = 20) float @FloatRange(min = -1e30f, max = 1e30f) []> values)
      throws IOException {
    Map<String, float[]> tensors = new LinkedHashMap<>();
    for (float[] tensor : values) {
      tensors.put("tensor." + tensors.size(), tensor);
    }
    Path some = Files.createTempFile("property", ".safetensors");
    try {
      write(some, tensors);
      Map<String, float[]> read = Safetensors.readAll(some);
      assertThat(read.keySet()).containsExactlyElementsOf(tensors.keySet());
      tensors.forEach((name, tensor) -> assertThat(read.get(name)).isEqualTo(tensor));
    } finally {
      Files.delete(some);
    }
  }

  @Test
  void headersAreAlignedForReadersThatMapTheFile() throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    long header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
    assertThat(header % 8).isZero();
  }

  @Test
  void aFileThatWasCutOffIsRefusedWhereverItWasCut() throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    Path cut = folder.resolve("cut.safetensors");
    for (int length = 0; length < bytes.length; length++) {
      Files.write(cut, Arrays.copyOf(bytes, length));
      assertThatThrownBy(() -> Safetensors.readAll(cut))
          .isInstanceOf(IOException.class)
          .hasMessageStartingWith("cut.safetensors is not a whole safetensors file: ");
    }
  }

  @Test
  void brokenHeadersAreRefusedWithTheReason() throws IOException {
    assertRefused("nonsense", "its header is not JSON: ");
    assertRefused("[1]       ", "its header is not a JSON object");
    assertRefused(
        "{\"w\":{\"dtype\":\"BF16\",\"shape\":[4],\"data_offsets\":[0,16]}}",
        "tensor 'w' is of type \"BF16\", not F32");
    assertRefused(
        "{\"w\":{\"dtype\":\"F32\",\"shape\":[-4],\"data_offsets\":[0,16]}}",
        "tensor 'w' has shape [-4]");
    assertRefused(
        "{\"w\":{\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[4,20]}}",
        "tensor 'w' [4] claims bytes [4,20], expected from 0");
    assertRefused(
        "{\"w\":{\"dtype\":\"F32\",\"shape\":[4611686018427387904,8],\"data_offsets\":[0,0]}}",
        "tensor 'w' [4611686018427387904, 8] is larger than any file");
    assertRefused(
        "{\"w\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,12]}}",
        "its tensors end at byte");
  }

  private void assertRefused(String header, String reason) throws IOException {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes = ByteBuffer.allocate(8 + json.length + 16).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(json.length).put(json);
    Path broken = folder.resolve("broken.safetensors");
    Files.write(broken, bytes.array());
    assertThatThrownBy(() -> Safetensors.readAll(broken))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(reason);
  }
}
