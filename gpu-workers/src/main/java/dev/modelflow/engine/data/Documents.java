package dev.modelflow.engine.data;

/** A source of training sequences. */
public interface Documents {
  /** How many documents there are. */
  int count();

  /** Tokens that the model reads of a document. */
  int length(int document);

  /** {@code length} tokens of a document from {@code offset} on. */
  Sequence sequence(int document, int offset, int length);
}
