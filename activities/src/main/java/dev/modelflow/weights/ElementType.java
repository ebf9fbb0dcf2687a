package dev.modelflow.weights;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The types of values in safetensors files that float32 holds exactly, by their names there. */
public enum ElementType {
  /** Four bytes a value. */
  F32(4) {
    @Override
    public void decode(ByteBuffer from, float[] to) {
      from.asFloatBuffer().get(to, 0, from.remaining() / Float.BYTES);
    }

    @Override
    public void encode(float[] values, int count, ByteBuffer to) {
      to.asFloatBuffer().put(values, 0, count);
      to.position(to.position() + count * Float.BYTES);
    }
  },
  /** The upper half of a float32, rounded to the nearest, of two to the even one. */
  BF16(2) {
    @Override
    public void decode(ByteBuffer from, float[] to) {
      for (int i = 0; from.hasRemaining(); i++) {
        to[i] = Float.intBitsToFloat(from.getShort() << 16);
      }
    }

    @Override
    public void encode(float[] values, int count, ByteBuffer to) {
      for (int i = 0; i < count; i++) {
        to.putShort(upperHalf(values[i]));
      }
    }
  },
  /** Half precision, rounded likewise. */
  F16(2) {
    @Override
    public void decode(ByteBuffer from, float[] to) {
      for (int i = 0; from.hasRemaining(); i++) {
        to[i] = Float.float16ToFloat(from.getShort());
      }
    }

    @Override
    public void encode(float[] values, int count, ByteBuffer to) {
      for (int i = 0; i < count; i++) {
        to.putShort(Float.floatToFloat16(values[i]));
      }
    }
  };

  private static final int NOT_A_NUMBER = 0x7fc0;

  private final int bytes;

  ElementType(int bytes) {
    this.bytes = bytes;
  }

  /** Bytes a value. */
  public int bytes() {
    return bytes;
  }

  /**
   * Puts all remaining values of {@code from}, which is little-endian, at the beginning of {@code
   * to}.
   */
  public abstract void decode(ByteBuffer from, float[] to);

  /** Puts the first {@code count} values into {@code to}, which is little-endian. */
  public abstract void encode(float[] values, int count, ByteBuffer to);

  /** The type of this name; null when it is none of these. */
  static @Nullable ElementType of(String name) {
    for (ElementType type : values()) {
      if (type.name().equals(name)) {
        return type;
      }
    }
    return null;
  }

  /** What is added to round could carry a NaN over into a zero. */
  private static short upperHalf(float value) {
    if (Float.isNaN(value)) {
      return NOT_A_NUMBER;
    }
    int bits = Float.floatToRawIntBits(value);
    return (short) ((bits + 0x7fff + (bits >>> 16 & 1)) >>> 16);
  }
}
