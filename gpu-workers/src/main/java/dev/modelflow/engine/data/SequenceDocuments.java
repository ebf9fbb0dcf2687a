package dev.modelflow.engine.data;

import java.util.List;

/** Sequences in memory as a source; each is read whole. */
public final class SequenceDocuments implements Documents {
  private final List<Sequence> sequences;

  /** A source of these sequences. */
  public SequenceDocuments(List<Sequence> sequences) {
    this.sequences = List.copyOf(sequences);
  }

  @Override
  public int count() {
    return sequences.size();
  }

  @Override
  public int length(int document) {
    return sequences.get(document).length();
  }

  @Override
  public Sequence sequence(int document, int offset, int length) {
    if (offset != 0 || length != length(document)) {
      throw new IllegalArgumentException(
          "A sequence of %d tokens is longer than a row of %d".formatted(length(document), length));
    }
    return sequences.get(document);
  }
}
