package dev.modelflow.curate;

import dev.modelflow.text.Document;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Chooses the documents that only evaluations read: by a hash of the id, so that a document falls
 * on the same side in every curation. A source too small for its share still gives one document, so
 * that every source can be measured.
 */
final class HeldOutSplit {
  private HeldOutSplit() {}

  /** The ids of the held-out documents; {@code share} 0 holds none out. */
  static Set<String> ids(List<Document> documents, double share) {
    Set<String> chosen = new HashSet<>();
    if (share > 0) {
      documents.stream()
          .collect(Collectors.groupingBy(Document::source))
          .values()
          .forEach(group -> chosen.addAll(ofGroup(group, share)));
    }
    return chosen;
  }

  private static Set<String> ofGroup(List<Document> group, double share) {
    Set<String> chosen =
        group.stream()
            .map(Document::id)
            .filter(id -> StableHash.share(id) < share)
            .collect(Collectors.toSet());
    if (!chosen.isEmpty() || group.size() < 2) {
      return chosen;
    }
    return group.stream()
        .map(Document::id)
        .sorted()
        .min(Comparator.comparingDouble(StableHash::share))
        .map(Set::of)
        .orElseThrow();
  }
}
