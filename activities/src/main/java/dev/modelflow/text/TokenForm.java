package dev.modelflow.text;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * How a token set holds its tokens. Format 1, which says nothing of it, has 16-bit ids and 0 as the
 * end of a text; format 2 says both, for vocabularies above 65,536 ids and for published
 * tokenizers.
 *
 * @param bits of an id: 16 or 32
 * @param endOfText the token that ends every document
 */
record TokenForm(int bits, int endOfText) {
  private static final String FORMAT = "format";
  private static final int DESCRIBED = 2;

  /** Format 1. */
  static final TokenForm PLAIN = new TokenForm(Short.SIZE, SpecialIds.TRAINED.endOfText());

  static TokenForm of(Tokenizer tokenizer) {
    boolean small = tokenizer.vocabularySize() <= 1 << Short.SIZE;
    return new TokenForm(small ? Short.SIZE : Integer.SIZE, tokenizer.specials().endOfText());
  }

  /** The form that a set's summary tells. */
  static TokenForm read(Path file, JsonNode summary) {
    int format = summary.path(FORMAT).asInt(1);
    if (format == 1) {
      return PLAIN;
    }
    int bits = summary.path("bits").asInt(0);
    int endOfText = summary.path("endOfText").asInt(-1);
    if (format != DESCRIBED || (bits != Short.SIZE && bits != Integer.SIZE) || endOfText < 0) {
      throw new TextException(
          "%s is a token set of format %d with ids of %d bits: expected format 1, or 2 with 16 or 32 bits; a newer Modelflow may have written it"
              .formatted(file, format, bits));
    }
    return new TokenForm(bits, endOfText);
  }

  /** What a summary says of the form; nothing of {@link #PLAIN}. */
  Map<String, Object> summary() {
    Map<String, Object> summary = new LinkedHashMap<>();
    if (!equals(PLAIN)) {
      summary.put(FORMAT, DESCRIBED);
      summary.put("bits", bits);
      summary.put("endOfText", endOfText);
    }
    return summary;
  }

  int bytes() {
    return bits / Byte.SIZE;
  }

  void put(ByteBuffer buffer, int token) {
    if (bits == Integer.SIZE) {
      buffer.putInt(token);
    } else if (token >>> Short.SIZE == 0) {
      buffer.putShort((short) token);
    } else {
      throw new IllegalArgumentException(
          "Token " + token + " does not fit the set's 16 bits: expected 0 to 65535");
    }
  }
}
