package dev.modelflow.parity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelflow.weights.ElementType;
import dev.modelflow.weights.TensorFiles;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What torch rounds to bfloat16. */
class RoundingGoldenTest {
  @Test
  void bf16HasTorchsBits() throws Exception {
    var file = Objects.requireNonNull(getClass().getResource("/golden/bfloat16.safetensors"));
    Map<String, float[]> golden = TensorFiles.read(Path.of(file.toURI()));
    float[] values = Objects.requireNonNull(golden.get("float32"));
    float[] theirs = Objects.requireNonNull(golden.get("bfloat16"));
    assertThat(values).hasSizeGreaterThan(500);

    ByteBuffer ours = ByteBuffer.allocate(2 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    ElementType.BF16.encode(values, values.length, ours);
    for (int i = 0; i < values.length; i++) {
      assertThat(ours.getShort(2 * i))
          .as("%s", values[i])
          .isEqualTo((short) (Float.floatToRawIntBits(theirs[i]) >>> 16));
    }
  }
}
