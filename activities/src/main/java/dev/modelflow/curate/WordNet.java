package dev.modelflow.curate;

import dev.modelflow.domain.Digest;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The synsets of a WordNet data file as text: {@code word, synonym: gloss; "example"}. Source of
 * the format: WordNet's {@code wndb(5WN)}.
 */
final class WordNet {
  private WordNet() {}

  /**
   * A synset as it stands in the file.
   *
   * @param path that of the file with the synset's offset
   */
  record Synset(String path, String line) {
    Extractor.Text text() {
      int bar = line.indexOf('|');
      String[] fields = line.substring(0, bar).split(" ", -1);
      int words = Integer.parseInt(fields[3], 16);
      String names =
          IntStream.range(0, words)
              .mapToObj(i -> name(fields[4 + 2 * i]))
              .distinct()
              .collect(Collectors.joining(", "));
      String text = names + ": " + line.substring(bar + 1).strip();
      return new Extractor.Text(path, text, Digest.of(line));
    }
  }

  static Stream<Synset> synsets(String path, byte[] file) {
    return new String(file, StandardCharsets.UTF_8)
        .lines()
        .filter(line -> !line.startsWith(" ") && line.contains("|"))
        .map(line -> new Synset(path + "#" + line.substring(0, line.indexOf(' ')), line));
  }

  /** Adjectives may carry a marker of their position, e.g. {@code galore(ip)}. */
  private static String name(String field) {
    int marker = field.endsWith(")") ? field.lastIndexOf('(') : field.length();
    return field.substring(0, marker).replace('_', ' ');
  }
}
