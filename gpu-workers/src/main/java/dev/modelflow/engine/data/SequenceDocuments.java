package dev.modelflow.engine.data;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Sequences in memory as a source; each is read whole. */
public final class SequenceDocuments implements Documents {
  private final List<String> ids;
  private final List<Sequence> sequences;

  /** A source of these sequences, whose ids are their numbers. */
  public SequenceDocuments(List<Sequence> sequences) {
    this(IntStream.range(0, sequences.size()).mapToObj(String::valueOf).toList(), sequences);
  }

  /** A source of these sequences, each with its id at the same place. */
  public SequenceDocuments(List<String> ids, List<Sequence> sequences) {
    this.ids = List.copyOf(ids);
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

  @Override
  public Map<Integer, String> ids(Set<Integer> documents) {
    return documents.stream().collect(Collectors.toMap(Function.identity(), ids::get));
  }
}
