package dev.modelflow.engine.gguf;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads GGUF files, version 3, after docs/gguf.md of ggml and not after what writes them. */
final class GgufFile {
  private static final int ALIGNMENT = 32;

  private final ByteBuffer bytes;

  private GgufFile(byte[] file) {
    bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
  }

  private record Info(String name, int values, int type, int offset) {}

  /** The values of every tensor. */
  static Map<String, float[]> read(byte[] file) {
    return new GgufFile(file).tensors();
  }

  private Map<String, float[]> tensors() {
    bytes.position(8);
    int count = (int) bytes.getLong();
    for (long keys = bytes.getLong(); keys > 0; keys--) {
      text();
      skip(bytes.getInt());
    }
    List<Info> infos = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      infos.add(info());
    }
    int data = (bytes.position() + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    Map<String, float[]> tensors = new LinkedHashMap<>();
    for (Info info : infos) {
      bytes.position(data + info.offset());
      tensors.put(info.name(), values(info));
    }
    return tensors;
  }

  private Info info() {
    String name = text();
    int values = 1;
    for (int dimensions = bytes.getInt(); dimensions > 0; dimensions--) {
      values *= (int) bytes.getLong();
    }
    return new Info(name, values, bytes.getInt(), (int) bytes.getLong());
  }

  private float[] values(Info info) {
    float[] values = new float[info.values()];
    float scale = 0;
    for (int i = 0; i < values.length; i++) {
      if (info.type() == 8 && i % 32 == 0) {
        scale = Float.float16ToFloat(bytes.getShort());
      }
      values[i] =
          switch (info.type()) {
            case 0 -> bytes.getFloat();
            case 1 -> Float.float16ToFloat(bytes.getShort());
            case 8 -> scale * bytes.get();
            case 30 -> Float.intBitsToFloat(bytes.getShort() << 16);
            default -> throw new IllegalStateException("type " + info.type());
          };
    }
    return values;
  }

  private String text() {
    byte[] text = new byte[(int) bytes.getLong()];
    bytes.get(text);
    return new String(text, StandardCharsets.UTF_8);
  }

  private void skip(int type) {
    switch (type) {
      case 4, 5, 6 -> bytes.getInt();
      case 7 -> bytes.get();
      case 8 -> text();
      case 9 -> {
        int each = bytes.getInt();
        for (long values = bytes.getLong(); values > 0; values--) {
          skip(each);
        }
      }
      default -> throw new IllegalStateException("a key of type " + type);
    }
  }
}
