package dev.modelflow.curate;

import dev.modelflow.text.Document;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * How much text there is.
 *
 * @param documents the number of documents
 * @param bytes the length of their texts in UTF-8
 */
record Size(long documents, long bytes) {
  static Size of(List<Document> documents) {
    long bytes = documents.parallelStream().mapToLong(document -> bytes(document.text())).sum();
    return new Size(documents.size(), bytes);
  }

  static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }
}
