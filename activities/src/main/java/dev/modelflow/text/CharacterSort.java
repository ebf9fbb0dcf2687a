package dev.modelflow.text;

/** The classes of characters by which text is cut: Unicode's \p{L}, \p{N}, \s and all others. */
enum CharacterSort {
  LETTER,
  NUMBER,
  SPACE,
  SYMBOL;

  static CharacterSort of(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.UPPERCASE_LETTER,
          Character.LOWERCASE_LETTER,
          Character.TITLECASE_LETTER,
          Character.MODIFIER_LETTER,
          Character.OTHER_LETTER ->
          LETTER;
      case Character.DECIMAL_DIGIT_NUMBER, Character.LETTER_NUMBER, Character.OTHER_NUMBER ->
          NUMBER;
      case Character.SPACE_SEPARATOR, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR ->
          SPACE;
      case Character.CONTROL ->
          (codePoint >= 0x09 && codePoint <= 0x0D) || codePoint == 0x85 ? SPACE : SYMBOL;
      default -> SYMBOL;
    };
  }

  /** Whether a character of this sort stands at {@code at}, which may be the text's end. */
  boolean isAt(String text, int at) {
    return at < text.length() && of(text.codePointAt(at)) == this;
  }

  /** Where the characters of this sort end that stand from {@code from} on. */
  int endOfRun(String text, int from) {
    int end = from;
    while (isAt(text, end)) {
      end = after(text, end);
    }
    return end;
  }

  /** Where the next character begins. */
  static int after(String text, int at) {
    return at + Character.charCount(text.codePointAt(at));
  }

  /**
   * The end of white space from {@code start} on, of which the last character is left to what
   * follows: {@code \s+(?!\S)|\s+}. All of White_Space is one char a code point.
   */
  static int endOfSpace(String text, int start) {
    int end = SPACE.endOfRun(text, start);
    return end == text.length() ? end : Math.max(start + 1, end - 1);
  }
}
