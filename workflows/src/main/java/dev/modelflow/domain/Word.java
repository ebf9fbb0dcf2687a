package dev.modelflow.domain;

import java.util.Arrays;
import java.util.stream.Collectors;

/** An enum's value that recipes, the ledger, the API and people write as one word. */
public interface Word {
  /** The word. */
  String word();

  /**
   * The value written as {@code word}; throws {@link IllegalArgumentException} naming all of them
   * when none is.
   */
  static <W extends Word> W find(W[] values, String word) {
    return Arrays.stream(values)
        .filter(value -> value.word().equals(word))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "'%s' is not one of: %s"
                        .formatted(
                            word,
                            Arrays.stream(values)
                                .map(Word::word)
                                .collect(Collectors.joining(", ")))));
  }
}
