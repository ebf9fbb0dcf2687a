package dev.modelflow.text;

import java.util.List;

/**
 * The cut of GPT-2: English contractions, then runs of letters, of numbers and of symbols with at
 * most one space before, then white space. Hand-written after {@link #PATTERN}.
 */
final class Gpt2Pieces {
  /** The cut as a regular expression, as GPT-2's encoder has it. */
  static final String PATTERN =
      "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";

  private static final List<String> CONTRACTIONS =
      List.of("'s", "'t", "'re", "'ve", "'m", "'ll", "'d");

  private Gpt2Pieces() {}

  static int end(String text, int start) {
    for (String contraction : CONTRACTIONS) {
      if (text.startsWith(contraction, start)) {
        return start + contraction.length();
      }
    }
    int second = text.charAt(start) == ' ' ? start + 1 : start;
    for (CharacterSort sort : CharacterSort.values()) {
      if (sort != CharacterSort.SPACE && sort.isAt(text, second)) {
        return sort.endOfRun(text, second);
      }
    }
    return CharacterSort.endOfSpace(text, start);
  }
}
