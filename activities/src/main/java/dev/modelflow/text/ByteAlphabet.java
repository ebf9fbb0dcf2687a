package dev.modelflow.text;

/**
 * The printable characters that stand for the 256 bytes in {@code tokenizer.json}. Source: GPT-2's
 * {@code bytes_to_unicode}, as in Hugging Face's ByteLevel pre-tokenizer.
 */
final class ByteAlphabet {
  private static final int SIZE = 256;
  private static final char[] CHARACTERS = new char[SIZE];
  private static final int[] BYTES = new int[2 * SIZE];

  static {
    int next = SIZE;
    for (int value = 0; value < SIZE; value++) {
      CHARACTERS[value] = isPrintable(value) ? (char) value : (char) next++;
      BYTES[CHARACTERS[value]] = value;
    }
  }

  private ByteAlphabet() {}

  private static boolean isPrintable(int value) {
    return (value >= '!' && value <= '~')
        || (value >= 0xA1 && value <= 0xAC)
        || (value >= 0xAE && value <= 0xFF);
  }

  static String write(byte[] bytes) {
    char[] text = new char[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      text[i] = CHARACTERS[bytes[i] & 0xFF];
    }
    return new String(text);
  }

  static byte[] read(String text) {
    byte[] bytes = new byte[text.length()];
    for (int i = 0; i < bytes.length; i++) {
      char c = text.charAt(i);
      if (c >= BYTES.length || CHARACTERS[BYTES[c]] != c) {
        throw new IllegalArgumentException(
            "Token '%s' has the character U+%04X, which stands for no byte"
                .formatted(text, (int) c));
      }
      bytes[i] = (byte) BYTES[c];
    }
    return bytes;
  }
}
