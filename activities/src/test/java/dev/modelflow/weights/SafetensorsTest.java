package dev.modelflow.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelflow.weights.Safetensors.Shape;
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
import net.jqwik.api.constraints.IntRange;
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
    Map<Shape, float[]> shaped = new LinkedHashMap<>();
    tensors.forEach(
        (name, values) -> shaped.put(new Shape(name, List.of((long) values.length)), values));
    Safetensors.write(file, shaped);
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
      Map<String, float[]> read = TensorFiles.read(some);
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
      assertThatThrownBy(() -> TensorFiles.read(cut))
          .isInstanceOf(IOException.class)
          .hasMessageStartingWith("cut.safetensors is not a whole safetensors file: ");
    }
  }

  @Test
  void brokenHeadersAreRefusedWithTheReason() throws IOException {
    assertRefused("nonsense", "its header is not JSON: ");
    assertRefused("[1]       ", "its header is not a JSON object");
    assertRefused(
        "{\"w\":{\"dtype\":\"I64\",\"shape\":[2],\"data_offsets\":[0,16]}}",
        "tensor 'w' is of type \"I64\", not F32, BF16 or F16");
    assertRefused(
        "{\"w\":{\"dtype\":\"BF16\",\"shape\":[4],\"data_offsets\":[0,16]}}",
        "tensor 'w' [4] claims bytes [0,16] for its BF16 values");
    assertRefused(
        "{\"w\":{\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[-16,0]}}",
        "tensor 'w' [4] claims bytes [-16,0] for its F32 values");
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

  @Test
  void tensorsMayBeNamedInAnyOrder() throws IOException {
    Map<String, float[]> read =
        readWithHeader(
            "{\"b\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[4,16]},"
                + "\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}",
            new float[] {1, 2, 3, 4});
    assertThat(read.get("a")).containsExactly(1);
    assertThat(read.get("b")).containsExactly(2, 3, 4);
  }

  @Property(tries = 300)
  void everyShortValueIsReadExactly(@ForAll short bits) throws IOException {
    assertThat(readShort("BF16", bits)).isEqualTo((Float) Float.intBitsToFloat(bits << 16));
    assertThat(readShort("F16", bits)).isEqualTo((Float) Float.float16ToFloat(bits));
  }

  private static Float readShort(String type, short bits) throws IOException {
    String header =
        "{\"w\":{\"dtype\":\"%s\",\"shape\":[1],\"data_offsets\":[0,2]}}".formatted(type);
    ByteBuffer data = ByteBuffer.allocate(2).order(ByteOrder.LITTLE_ENDIAN).putShort(bits);
    float[] values = read(file(header, data.array())).get("w");
    return values == null ? 0f : values[0];
  }

  /** Whatever happens to its bytes, a file is either refused or still holds tensors. */
  @Property(tries = 500)
  void aDamagedFileIsReadOrRefusedButNeverBreaksTheReader(
      @ForAll @IntRange(max = 200) int at, @ForAll byte with) throws IOException {
    String header =
        "{\"w\":{\"dtype\":\"F32\",\"shape\":[2,2],\"data_offsets\":[0,16]},"
            + "\"v\":{\"dtype\":\"BF16\",\"shape\":[2],\"data_offsets\":[16,20]}}";
    byte[] bytes = file(header, new byte[20]);
    bytes[at % bytes.length] = with;
    try {
      assertThat(read(bytes)).hasSizeLessThanOrEqualTo(2);
    } catch (CheckpointException refused) {
      assertThat(refused).hasMessageContaining("is not a whole safetensors file: ");
    }
  }

  private Map<String, float[]> readWithHeader(String header, float[] values) throws IOException {
    ByteBuffer data = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    data.asFloatBuffer().put(values);
    return read(file(header, data.array()));
  }

  private static byte[] file(String header, byte[] data) {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes =
        ByteBuffer.allocate(8 + json.length + data.length).order(ByteOrder.LITTLE_ENDIAN);
    return bytes.putLong(json.length).put(json).put(data).array();
  }

  private static Map<String, float[]> read(byte[] bytes) throws IOException {
    Path some = Files.createTempFile("bytes", ".safetensors");
    try {
      return TensorFiles.read(Files.write(some, bytes));
    } finally {
      Files.delete(some);
    }
  }

  private void assertRefused(String header, String reason) throws IOException {
    Path broken = folder.resolve("broken.safetensors");
    Files.write(broken, file(header, new byte[16]));
    assertThatThrownBy(() -> TensorFiles.read(broken))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(reason);
  }
}
