package dev.modelflow.engine.data;

/** A source of training sequences. */
public interface Documents extends DocumentLengths {
  /** {@code length} tokens of a document from {@code offset} on. */
  Sequence sequence(int document, int offset, int length);
}
