package dev.modelflow.curate;

import dev.modelflow.text.Document;
import dev.modelflow.text.WordCounts;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Which documents a tokenizer is trained on: of every source the same number of bytes at most, in
 * the order of the hashes of the ids.
 */
final class TokenizerSample {
  private TokenizerSample() {}

  static WordCounts counts(List<Document> documents, long bytes) {
    Map<String, List<Document>> bySource =
        documents.stream()
            .collect(Collectors.groupingBy(Document::source, TreeMap::new, Collectors.toList()));
    WordCounts sum = new WordCounts();
    bySource.values().parallelStream()
        .map(source -> count(source, bytes / bySource.size()))
        .forEachOrdered(sum::add);
    return sum;
  }

  private static WordCounts count(List<Document> source, long bytes) {
    WordCounts counts = new WordCounts();
    long left = bytes;
    List<Document> spread =
        source.stream()
            .sorted(Comparator.comparingLong(document -> StableHash.of(document.id())))
            .toList();
    for (Document document : spread) {
      left -= document.text().length();
      if (left < 0) {
        break;
      }
      counts.add(document.text());
    }
    return counts;
  }
}
