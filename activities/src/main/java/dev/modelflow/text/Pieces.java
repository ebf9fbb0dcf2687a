package dev.modelflow.text;

/**
 * Cuts text into the pieces within which byte pairs may merge: each digit alone, runs of letters
 * and runs of symbols with at most one space before, runs of white space. Hand-written after {@link
 * #PATTERN}, which other readers of the tokenizer use.
 */
final class Pieces {
  /** The same cut as a regular expression in Oniguruma's syntax. */
  static final String PATTERN = "\\p{N}| ?\\p{L}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";

  private enum Sort {
    LETTER,
    NUMBER,
    SPACE,
    SYMBOL
  }

  /** Takes the pieces in order. */
  @FunctionalInterface
  interface Sink {
    void accept(int start, int end);
  }

  private Pieces() {}

  static void cut(String text, Sink sink) {
    int start = 0;
    while (start < text.length()) {
      int end = end(text, start);
      sink.accept(start, end);
      start = end;
    }
  }

  private static int end(String text, int start) {
    int first = text.codePointAt(start);
    int second = start + Character.charCount(first);
    return switch (sort(first)) {
      case NUMBER -> second;
      case LETTER -> endOfRun(text, second, Sort.LETTER);
      case SYMBOL -> endOfRun(text, second, Sort.SYMBOL);
      case SPACE -> endOfSpace(text, start, first, second);
    };
  }

  private static int endOfSpace(String text, int start, int first, int second) {
    if (first == ' ' && second < text.length()) {
      Sort next = sort(text.codePointAt(second));
      if (next == Sort.LETTER || next == Sort.SYMBOL) {
        return endOfRun(text, second, next);
      }
    }
    int end = endOfRun(text, second, Sort.SPACE);
    if (end == text.length()) {
      return end;
    }
    // The last space belongs to what follows. All of White_Space is one char a code point.
    return Math.max(start + 1, end - 1);
  }

  private static int endOfRun(String text, int from, Sort sort) {
    int end = from;
    while (end < text.length()) {
      int next = text.codePointAt(end);
      if (sort(next) != sort) {
        break;
      }
      end += Character.charCount(next);
    }
    return end;
  }

  private static Sort sort(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.UPPERCASE_LETTER,
          Character.LOWERCASE_LETTER,
          Character.TITLECASE_LETTER,
          Character.MODIFIER_LETTER,
          Character.OTHER_LETTER ->
          Sort.LETTER;
      case Character.DECIMAL_DIGIT_NUMBER, Character.LETTER_NUMBER, Character.OTHER_NUMBER ->
          Sort.NUMBER;
      case Character.SPACE_SEPARATOR, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR ->
          Sort.SPACE;
      case Character.CONTROL ->
          (codePoint >= 0x09 && codePoint <= 0x0D) || codePoint == 0x85 ? Sort.SPACE : Sort.SYMBOL;
      default -> Sort.SYMBOL;
    };
  }
}
