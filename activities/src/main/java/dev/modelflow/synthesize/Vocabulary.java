package dev.modelflow.synthesize;

import java.util.List;
import java.util.stream.Stream;

/** The words that templates are filled with: few and common, so that each is one token. */
final class Vocabulary {
  static final List<String> NAMES =
      words("Tom Anna Ben Mary Jack Lucy Sam Kate Paul Rose John Emma Mark Jane Peter Alice");

  static final List<String> THINGS =
      words(
          "apples books coins eggs stones cards boxes stamps cups balls flowers trees birds fish"
              + " keys shells");

  /** What needles are found by. */
  static final List<String> KEYS =
      words(
          "red blue green white black brown yellow orange gold silver apple tree river stone house"
              + " horse bird fish table chair bread water fire wind rain snow sun moon star sea"
              + " road door");

  /** What needles say. */
  static final List<String> VALUES =
      words(
          "man woman child king city town ship boat book paper glass iron wood leaf root seed fruit"
              + " milk salt meat hand foot head eye ear nose heart bone skin hair wall roof");

  /** The alphabet of repeated sequences: keys and values, so that needles are read by copying. */
  static final List<String> ALPHABET = Stream.concat(KEYS.stream(), VALUES.stream()).toList();

  private Vocabulary() {}

  static List<String> words(String text) {
    return List.of(text.split(" ", -1));
  }
}
