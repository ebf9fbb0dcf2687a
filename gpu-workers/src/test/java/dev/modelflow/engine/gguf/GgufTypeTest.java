package dev.modelflow.engine.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.FloatRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class GgufTypeTest {
  private static ByteBuffer encoded(GgufType type, float... values) {
    ByteBuffer out = ByteBuffer.allocate((int) type.bytes(values.length));
    type.encode(values, out.order(ByteOrder.LITTLE_ENDIAN));
    assertThat(out.hasRemaining()).isFalse();
    return out.flip();
  }

  @Property(tries = 200)
  void bf16IsTheNearestValueThatItHolds(@ForAll @FloatRange(min = -1e30f, max = 1e30f) float x) {
    float read = Float.intBitsToFloat(encoded(GgufType.BF16, x).getShort() << 16);
    float below = Float.intBitsToFloat(Float.floatToRawIntBits(x) & 0xffff0000);
    float above = Float.intBitsToFloat((Float.floatToRawIntBits(x) & 0xffff0000) + 0x10000);
    assertThat(Math.abs((double) read - x))
        .isEqualTo(Math.min(Math.abs((double) below - x), Math.abs((double) above - x)));
  }

  @Test
  void ofTwoNearestBf16TakesTheEvenOne() {
    assertThat(encoded(GgufType.BF16, Float.intBitsToFloat(0x3f808000)).getShort())
        .isEqualTo((short) 0x3f80);
    assertThat(encoded(GgufType.BF16, Float.intBitsToFloat(0x3f818000)).getShort())
        .isEqualTo((short) 0x3f82);
  }

  @Property(tries = 200)
  void q8IsWithinHalfAStepOfEachValue(
      @ForAll @Size(64) List<@FloatRange(min = -1000, max = 1000) Float> drawn) {
    float[] values = new float[64];
    for (int i = 0; i < values.length; i++) {
      values[i] = drawn.get(i);
    }
    ByteBuffer bytes = encoded(GgufType.Q8_0, values);
    for (int block = 0; block < 2; block++) {
      float scale = Float.float16ToFloat(bytes.getShort());
      for (int i = 0; i < 32; i++) {
        double read = scale * (double) bytes.get();
        // The step itself is rounded to eleven bits.
        double tolerance = 0.5 * scale + 127 * Math.max(scale * 0x1p-11, 0x1p-25);
        assertThat(read).isCloseTo(values[32 * block + i], within(1.001 * tolerance));
      }
    }
  }

  @Test
  void aBlockOfZerosIsAllZeros() {
    byte[] bytes = encoded(GgufType.Q8_0, new float[32]).array();
    assertThat(bytes).containsOnly(0).hasSize(34);
  }

  @Test
  void aBlocksLargestValueIs127Steps() {
    float[] values = new float[32];
    for (int i = 0; i < values.length; i++) {
      values[i] = i - 15;
    }
    ByteBuffer bytes = encoded(GgufType.Q8_0, values);
    assertThat(Float.float16ToFloat(bytes.getShort())).isCloseTo(16f / 127, within(1e-4f));
    assertThat(bytes.get()).isEqualTo((byte) -119);
    assertThat(bytes.get(33)).isEqualTo((byte) 127);
  }

  @Test
  void typesHaveTheNamesThatLlamaCppKnows() {
    assertThat(GgufType.of("q8_0")).isEqualTo(GgufType.Q8_0);
    assertThatThrownBy(() -> GgufType.of("q4_0"))
        .hasMessage("'q4_0', which is no type of a GGUF file: use one of f32, f16, bf16, q8_0");
  }
}
