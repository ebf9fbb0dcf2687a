package dev.modelflow.engine.gguf;

import dev.modelflow.weights.ElementType;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * How values are written. Source of the numbers: ggml's {@code ggml_type} and llama.cpp's ftype.
 */
public enum GgufType {
  /** Four bytes a value. */
  F32(0, 0, 1, 4) {
    @Override
    void encode(float[] values, ByteBuffer out) {
      ElementType.F32.encode(values, values.length, out);
    }
  },
  /** Two bytes, rounded to the nearest. */
  F16(1, 1, 1, 2) {
    @Override
    void encode(float[] values, ByteBuffer out) {
      ElementType.F16.encode(values, values.length, out);
    }
  },
  /** The upper half of a float32, rounded to the nearest, of two to the even one. */
  BF16(30, 32, 1, 2) {
    @Override
    void encode(float[] values, ByteBuffer out) {
      ElementType.BF16.encode(values, values.length, out);
    }
  },
  /** Blocks of 32 whole numbers from -127 to 127 with a scale in float16. */
  Q8_0(8, 7, 32, 34) {
    @Override
    void encode(float[] values, ByteBuffer out) {
      for (int from = 0; from < values.length; from += blockValues()) {
        float[] block = Arrays.copyOfRange(values, from, from + blockValues());
        float scale = largest(block) / 127;
        float inverse = scale == 0 ? 0 : 1 / scale;
        out.putShort(Float.floatToFloat16(scale));
        for (float value : block) {
          out.put(rounded(value * inverse));
        }
      }
    }
  };

  private final int id;
  private final int fileType;
  private final int blockValues;
  private final int blockBytes;

  GgufType(int id, int fileType, int blockValues, int blockBytes) {
    this.id = id;
    this.fileType = fileType;
    this.blockValues = blockValues;
    this.blockBytes = blockBytes;
  }

  /**
   * The type of this name, in upper or lower case.
   *
   * @throws IllegalArgumentException when there is none
   */
  public static GgufType of(String name) {
    return Arrays.stream(values())
        .filter(type -> type.name().equalsIgnoreCase(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "'%s', which is no type of a GGUF file: use one of %s"
                        .formatted(name, names())));
  }

  private static String names() {
    return Arrays.stream(values())
        .map(type -> type.name().toLowerCase(Locale.ROOT))
        .collect(Collectors.joining(", "));
  }

  int id() {
    return id;
  }

  /** What {@code general.file_type} is where most tensors are of this type. */
  int fileType() {
    return fileType;
  }

  /** Values that are written together; rows must be multiples of it. */
  int blockValues() {
    return blockValues;
  }

  /** Bytes of so many values, a multiple of a block's. */
  long bytes(long values) {
    return values / blockValues * blockBytes;
  }

  /** Writes all values, a multiple of a block's, into a little-endian buffer. */
  abstract void encode(float[] values, ByteBuffer out);

  private static float largest(float[] block) {
    float largest = 0;
    for (float value : block) {
      largest = Math.max(largest, Math.abs(value));
    }
    return largest;
  }

  /** To the nearest whole number, halves away from zero, as ggml rounds. */
  private static byte rounded(float value) {
    return (byte) Math.copySign(Math.floor(Math.abs((double) value) + 0.5), value);
  }
}
