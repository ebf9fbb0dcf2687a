package dev.modelflow.text;

import java.util.HashMap;
import java.util.Map;

/**
 * How often each piece of text stands in a corpus: all that training a tokenizer needs. Counting is
 * a sum, so parts of a corpus may be counted apart, in any order, and added.
 */
public final class WordCounts {
  private final Map<String, Long> counts = new HashMap<>();

  /** Counts the pieces of one text. */
  public void add(String text) {
    Cut.TRAINED.cut(text, (start, end) -> counts.merge(text.substring(start, end), 1L, Long::sum));
  }

  /** Adds what {@code other} has counted. */
  public void add(WordCounts other) {
    other.counts.forEach((word, count) -> counts.merge(word, count, Long::sum));
  }

  Map<String, Long> counts() {
    return counts;
  }
}
