package dev.modelflow.engine.data;

import java.util.Map;
import java.util.Set;

/** A source of training sequences. */
public interface Documents extends DocumentLengths {
  /** {@code length} tokens of a document from {@code offset} on. */
  Sequence sequence(int document, int offset, int length);

  /** The ids of these documents; it may read a file of all of them. */
  Map<Integer, String> ids(Set<Integer> documents);
}
