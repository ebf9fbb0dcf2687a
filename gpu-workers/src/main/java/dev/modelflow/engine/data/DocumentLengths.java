package dev.modelflow.engine.data;

/** How long a source's documents are: all that the order of training hangs on. */
public interface DocumentLengths {
  /** How many documents there are. */
  int count();

  /** Tokens that the model reads of a document. */
  int length(int document);
}
