package dev.modelflow.adapter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class NpyFileTest {
  @Property(tries = 100)
  void theHeaderSaysTheShapeAndTheValuesFollow(
      @ForAll @Size(min = 1, max = 4) List<@IntRange(min = 1, max = 7) Integer> sizes,
      @ForAll int seed)
      throws IOException {
    int[] shape = sizes.stream().mapToInt(Integer::intValue).toArray();
    int[] values = new int[Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
    Arrays.setAll(values, i -> seed + 7919 * i);
    ByteBuffer file = ByteBuffer.wrap(written(shape, values)).order(ByteOrder.LITTLE_ENDIAN);

    assertThat(file.getLong(0)).isEqualTo(0x0001_5950_4d55_4e93L);
    int header = Short.toUnsignedInt(file.getShort(8));
    assertThat((10 + header) % 64).isZero();
    String extents = Arrays.stream(shape).mapToObj(it -> it + ",").collect(Collectors.joining(" "));
    assertThat(new String(file.array(), 10, header, StandardCharsets.US_ASCII))
        .matches(
            "\\{'descr': '<i4', 'fortran_order': False, 'shape': \\(" + extents + "\\), } *\n");
    int[] read = new int[values.length];
    file.position(10 + header);
    file.asIntBuffer().get(read);
    assertThat(read).isEqualTo(values);
    assertThat(file.array()).hasSize(10 + header + Integer.BYTES * values.length);
  }

  @Property(tries = 5)
  void aFileWithoutAllItsValuesNeverAppears(@ForAll @IntRange(min = 0, max = 5) int values)
      throws IOException {
    Path file = Files.createTempDirectory("npy").resolve("short.npy");
    NpyFile out = new NpyFile(file, 2, 3);
    out.add(new int[values]);
    assertThatThrownBy(out::close).hasMessageContaining("lacks " + (6 - values) + " of its values");
    assertThat(file).doesNotExist();
  }

  private static byte[] written(int[] shape, int[] values) throws IOException {
    Path file = Files.createTempDirectory("npy").resolve("whole.npy");
    try (NpyFile out = new NpyFile(file, shape)) {
      out.add(values);
    }
    byte[] bytes = Files.readAllBytes(file);
    Files.delete(file);
    return bytes;
  }
}
