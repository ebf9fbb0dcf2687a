package dev.modelflow.text;

/**
 * The cut of the tokenizers that curate trains: each digit alone, runs of letters and runs of
 * symbols with at most one space before, runs of white space. Hand-written after {@link #PATTERN},
 * which other readers of the tokenizer use.
 */
final class Pieces {
  /** The same cut as a regular expression in Oniguruma's syntax. */
  static final String PATTERN = "\\p{N}| ?\\p{L}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";

  private Pieces() {}

  static int end(String text, int start) {
    int first = text.codePointAt(start);
    int second = start + Character.charCount(first);
    CharacterSort sort = CharacterSort.of(first);
    return switch (sort) {
      case NUMBER -> second;
      case LETTER, SYMBOL -> sort.endOfRun(text, second);
      case SPACE -> endOfSpace(text, start, first, second);
    };
  }

  private static int endOfSpace(String text, int start, int first, int second) {
    if (first == ' ') {
      for (CharacterSort sort : new CharacterSort[] {CharacterSort.LETTER, CharacterSort.SYMBOL}) {
        if (sort.isAt(text, second)) {
          return sort.endOfRun(text, second);
        }
      }
    }
    return CharacterSort.endOfSpace(text, start);
  }
}
