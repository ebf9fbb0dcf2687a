package dev.modelflow.engine.checkpoint;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The types of values in safetensors files that float32 holds exactly, by their names there. */
enum ElementType {
  F32(4) {
    @Override
    void decode(ByteBuffer from, float[] to) {
      from.asFloatBuffer().get(to, 0, from.remaining() / Float.BYTES);
    }
  },
  /** The upper half of a float32. */
  BF16(2) {
    @Override
    void decode(ByteBuffer from, float[] to) {
      for (int i = 0; from.hasRemaining(); i++) {
        to[i] = Float.intBitsToFloat(from.getShort() << 16);
      }
    }
  },
  F16(2) {
    @Override
    void decode(ByteBuffer from, float[] to) {
      for (int i = 0; from.hasRemaining(); i++) {
        to[i] = Float.float16ToFloat(from.getShort());
      }
    }
  };

  private final int bytes;

  ElementType(int bytes) {
    this.bytes = bytes;
  }

  /** Bytes a value. */
  int bytes() {
    return bytes;
  }

  /**
   * Puts all remaining values of {@code from}, which is little-endian, at the beginning of {@code
   * to}.
   */
  abstract void decode(ByteBuffer from, float[] to);

  /** The type of this name; null when it is none of these. */
  static @Nullable ElementType of(String name) {
    for (ElementType type : values()) {
      if (type.name().equals(name)) {
        return type;
      }
    }
    return null;
  }
}
