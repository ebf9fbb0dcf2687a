package dev.modelflow.text;

import java.util.Arrays;
import java.util.List;

/** Which bytes each token stands for. */
final class TokenBytes {
  /** Of ids that name no token. */
  static final byte[] NONE = {};

  private static final int BYTES = 256;

  private final byte[][] bytes;
  private final int[] byteIds = new int[BYTES];

  /**
   * A vocabulary.
   *
   * @param bytes of each id, not copied; empty where an id names no token
   * @param added ids that stand for their names and for no bytes of a text
   */
  TokenBytes(String source, byte[][] bytes, List<AddedToken> added) {
    this.bytes = bytes;
    Arrays.fill(byteIds, -1);
    boolean[] named = new boolean[bytes.length];
    added.forEach(token -> named[token.id()] = true);
    for (int id = 0; id < bytes.length; id++) {
      byte[] token = bytes[id];
      if (token.length == 1 && !named[id]) {
        byteIds[token[0] & 0xFF] = id;
      }
    }
    for (int value = 0; value < BYTES; value++) {
      if (byteIds[value] < 0) {
        throw new TextException(
            "%s has no token for the byte 0x%02X: only byte-level tokenizers can be read"
                .formatted(source, value));
      }
    }
  }

  int size() {
    return bytes.length;
  }

  /** The bytes of an id of at least 0, not copied; none where it names no token. */
  byte[] of(int id) {
    return id < bytes.length ? bytes[id] : NONE;
  }

  /** The tokens of single bytes that these bytes are. */
  int[] ofBytes(byte[] utf8) {
    int[] ids = new int[utf8.length];
    Arrays.setAll(ids, i -> byteIds[utf8[i] & 0xFF]);
    return ids;
  }
}
