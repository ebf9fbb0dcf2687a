package dev.modelflow.curate;

import dev.modelflow.domain.Digest;
import dev.modelflow.text.Document;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Documents whose text differs in case and white space at most; the lowest id is kept. */
final class ExactDuplicates {
  static final String STEP = "exact-duplicates";

  private ExactDuplicates() {}

  /** Equal for duplicates, different for all others. */
  static Digest key(Document document) {
    String text = document.text().toLowerCase(Locale.ROOT);
    StringBuilder normal = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!Character.isWhitespace(c)) {
        normal.append(c);
      } else if (!normal.isEmpty() && normal.charAt(normal.length() - 1) != ' ') {
        normal.append(' ');
      }
    }
    return Digest.of(normal.toString().stripTrailing());
  }

  /** The removals among documents of one key. */
  static List<Removal> removals(List<Document> group) {
    if (group.size() < 2) {
      return List.of();
    }
    List<Document> sorted = group.stream().sorted(Comparator.comparing(Document::id)).toList();
    List<Removal> removals = new ArrayList<>();
    for (Document document : sorted.subList(1, sorted.size())) {
      removals.add(
          Removal.of(
              document,
              STEP,
              "same text",
              1,
              sorted.getFirst().id(),
              Removal.excerpt(document.text())));
    }
    return removals;
  }
}
