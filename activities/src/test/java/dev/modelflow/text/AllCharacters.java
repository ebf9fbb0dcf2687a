package dev.modelflow.text;

import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Every code point that text may have, in order, some hundred a text. */
final class AllCharacters {
  private static final int A_TEXT = 512;

  private AllCharacters() {}

  static Stream<String> texts() {
    return IntStream.rangeClosed(0, Character.MAX_CODE_POINT / A_TEXT)
        .mapToObj(text -> IntStream.range(text * A_TEXT, (text + 1) * A_TEXT))
        .map(AllCharacters::text);
  }

  private static String text(IntStream codePoints) {
    return codePoints
        .filter(it -> it < Character.MIN_SURROGATE || it > Character.MAX_SURROGATE)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }
}
