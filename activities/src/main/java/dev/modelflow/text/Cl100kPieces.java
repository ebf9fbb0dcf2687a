package dev.modelflow.text;

import java.util.List;

/**
 * The cut of cl100k, which dolma2 has: English contractions in any case, letters with at most one
 * character before, numbers of up to three digits, symbols with the line ends after them, white
 * space up to its last line end. Hand-written after {@link #PATTERN}.
 */
final class Cl100kPieces {
  /** The cut as a regular expression in Oniguruma's syntax. */
  static final String PATTERN =
      "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}"
          + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

  private static final int MOST_DIGITS = 3;
  private static final List<String> CONTRACTIONS = List.of("s", "t", "re", "ve", "m", "ll", "d");

  private Cl100kPieces() {}

  static int end(String text, int start) {
    int contraction = endOfContraction(text, start);
    if (contraction > start) {
      return contraction;
    }
    int second = CharacterSort.after(text, start);
    CharacterSort first = CharacterSort.of(text.codePointAt(start));
    return switch (first) {
      case LETTER -> CharacterSort.LETTER.endOfRun(text, second);
      case NUMBER -> endOfNumber(text, second);
      case SYMBOL ->
          CharacterSort.LETTER.isAt(text, second)
              ? CharacterSort.LETTER.endOfRun(text, second)
              : endOfSymbols(text, second);
      case SPACE -> endOfSpace(text, start, second);
    };
  }

  /** {@code start} where there is none. */
  private static int endOfContraction(String text, int start) {
    if (text.charAt(start) == '\'') {
      for (String letters : CONTRACTIONS) {
        int end = start + 1 + letters.length();
        if (end <= text.length() && folded(text, start + 1, end).equals(letters)) {
          return end;
        }
      }
    }
    return start;
  }

  /** In lower case; the long s is Unicode's only other case of a letter of the contractions. */
  private static String folded(String text, int from, int to) {
    StringBuilder folded = new StringBuilder();
    for (int i = from; i < to; i++) {
      char c = text.charAt(i);
      folded.append(c >= 'A' && c <= 'Z' ? (char) (c + 'a' - 'A') : c == '\u017F' ? 's' : c);
    }
    return folded.toString();
  }

  private static int endOfNumber(String text, int second) {
    int end = second;
    for (int digits = 1; digits < MOST_DIGITS && CharacterSort.NUMBER.isAt(text, end); digits++) {
      end = CharacterSort.after(text, end);
    }
    return end;
  }

  private static int endOfSymbols(String text, int from) {
    int end = CharacterSort.SYMBOL.endOfRun(text, from);
    while (end < text.length() && isLineEnd(text.charAt(end))) {
      end++;
    }
    return end;
  }

  private static int endOfSpace(String text, int start, int second) {
    char first = text.charAt(start);
    if (!isLineEnd(first) && CharacterSort.LETTER.isAt(text, second)) {
      return CharacterSort.LETTER.endOfRun(text, second);
    }
    if (first == ' ' && CharacterSort.SYMBOL.isAt(text, second)) {
      return endOfSymbols(text, second);
    }
    for (int end = CharacterSort.SPACE.endOfRun(text, start); end > start; end--) {
      if (isLineEnd(text.charAt(end - 1))) {
        return end;
      }
    }
    return CharacterSort.endOfSpace(text, start);
  }

  private static boolean isLineEnd(char c) {
    return c == '\r' || c == '\n';
  }
}
