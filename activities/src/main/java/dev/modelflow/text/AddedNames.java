package dev.modelflow.text;

import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds the names of added tokens in a text, the leftmost first and of several there the longest,
 * as Hugging Face's tokenizers do.
 */
final class AddedNames {
  /** A name in a text. */
  record Found(int start, int end, AddedToken token) {}

  private final List<AddedToken> longestFirst;
  private final BitSet firsts = new BitSet();

  AddedNames(List<AddedToken> tokens) {
    longestFirst =
        tokens.stream()
            .sorted(Comparator.comparingInt((AddedToken it) -> it.content().length()).reversed())
            .toList();
    tokens.forEach(token -> firsts.set(token.content().charAt(0)));
  }

  /** The first name from {@code from} on; null where there is none. */
  @Nullable Found next(String text, int from) {
    if (!longestFirst.isEmpty()) {
      for (int at = from; at < text.length(); at++) {
        if (firsts.get(text.charAt(at))) {
          for (AddedToken token : longestFirst) {
            if (text.startsWith(token.content(), at)) {
              return new Found(at, at + token.content().length(), token);
            }
          }
        }
      }
    }
    return null;
  }
}
