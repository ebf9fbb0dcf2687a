package dev.modelflow.curate;

import dev.modelflow.domain.Digest;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The synsets of a WordNet data file as text: {@code word, synonym: gloss; "example"}. Source of
 * the format: WordNet's {@code wndb(5WN)}.
 */
final class WordNet {
  private WordNet() {}

  /** One text a synset; the path is that of the file with the synset's offset. */
  static Stream<Extractor.Text> texts(String path, byte[] file) {
    String[] lines = new String(file, StandardCharsets.UTF_8).split("\n", -1);
    return Arrays.stream(lines)
        .filter(line -> !line.startsWith(" ") && line.contains("|"))
        .map(line -> text(path, line));
  }

  private static Extractor.Text text(String path, String line) {
    int bar = line.indexOf('|');
    String[] fields = line.substring(0, bar).split(" ", -1);
    int words = Integer.parseInt(fields[3], 16);
    String names =
        IntStream.range(0, words)
            .mapToObj(i -> name(fields[4 + 2 * i]))
            .distinct()
            .collect(Collectors.joining(", "));
    return new Extractor.Text(
        path + "#" + fields[0], names + ": " + line.substring(bar + 1).strip(), Digest.of(line));
  }

  /** Adjectives may carry a marker of their position, e.g. {@code galore(ip)}. */
  private static String name(String field) {
    int marker = field.endsWith(")") ? field.lastIndexOf('(') : field.length();
    return field.substring(0, marker).replace('_', ' ');
  }
}
