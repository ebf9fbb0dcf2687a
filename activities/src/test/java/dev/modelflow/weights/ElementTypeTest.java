package dev.modelflow.weights;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class ElementTypeTest {
  private static float[] there(ElementType type, float... values) {
    ByteBuffer bytes =
        ByteBuffer.allocate(values.length * type.bytes()).order(ByteOrder.LITTLE_ENDIAN);
    type.encode(values, values.length, bytes);
    assertThat(bytes.hasRemaining()).isFalse();
    float[] read = new float[values.length];
    type.decode(bytes.flip(), read);
    return read;
  }

  @Property(tries = 500)
  void whatATypeHoldsItKeeps(@ForAll short bits) {
    float bf16 = Float.intBitsToFloat(bits << 16);
    assertThat(there(ElementType.BF16, bf16)).containsExactly(bf16);
    float f16 = Float.float16ToFloat(bits);
    assertThat(there(ElementType.F16, f16)).containsExactly(f16);
    assertThat(there(ElementType.F32, bf16, f16)).containsExactly(bf16, f16);
  }

  /** Rounding up the bits of the last one, as of a number, would make it -0. */
  @Test
  void noNumberStaysNone() {
    for (int bits : new int[] {0x7fc00000, 0x7f800001, 0xffc00000, 0x7fffffff}) {
      assertThat(there(ElementType.BF16, Float.intBitsToFloat(bits))).containsExactly(Float.NaN);
    }
  }

  @Test
  void whatIsAboveEveryNumberIsInfinite() {
    assertThat(there(ElementType.BF16, Float.MAX_VALUE, Float.NEGATIVE_INFINITY))
        .containsExactly(Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY);
  }
}
