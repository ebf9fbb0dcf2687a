package dev.modelflow.curate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Text as a sequence of comparable words: case and white space do not count. */
final class Words {
  private Words() {}

  /** Where a word stands in its text. */
  record Span(int start, int end) {}

  /** Runs of letters and runs of digits; with symbols, each symbol too. */
  static List<Span> spans(String text, boolean symbols) {
    List<Span> spans = new ArrayList<>();
    int i = 0;
    while (i < text.length()) {
      int c = text.codePointAt(i);
      int end = i + Character.charCount(c);
      boolean letter = Character.isLetter(c);
      if (letter || Character.isDigit(c)) {
        while (end < text.length() && continues(text.codePointAt(end), letter)) {
          end += Character.charCount(text.codePointAt(end));
        }
        spans.add(new Span(i, end));
      } else if (symbols && !Character.isWhitespace(c)) {
        spans.add(new Span(i, end));
      }
      i = end;
    }
    return spans;
  }

  /** A hash for each span's word in lower case. */
  static long[] hashes(String text, List<Span> spans) {
    String lower = text.toLowerCase(Locale.ROOT);
    // Lower case may change the length of a few texts; then each word is lowered by itself.
    boolean aligned = lower.length() == text.length();
    long[] hashes = new long[spans.size()];
    for (int i = 0; i < hashes.length; i++) {
      Span span = spans.get(i);
      hashes[i] =
          aligned
              ? StableHash.of(lower.subSequence(span.start(), span.end()))
              : StableHash.of(text.substring(span.start(), span.end()).toLowerCase(Locale.ROOT));
    }
    return hashes;
  }

  /** A hash for each run of {@code n} neighbours; none if there are fewer. */
  static long[] runs(long[] words, int n) {
    long[] runs = new long[Math.max(0, words.length - n + 1)];
    Arrays.setAll(runs, i -> StableHash.of(words, i, i + n));
    return runs;
  }

  private static boolean continues(int c, boolean letter) {
    return letter ? Character.isLetter(c) : Character.isDigit(c);
  }
}
