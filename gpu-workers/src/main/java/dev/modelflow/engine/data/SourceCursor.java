package dev.modelflow.engine.data;

import dev.modelflow.engine.random.CounterRandom;
import java.util.ArrayList;
import java.util.List;

/** Walks through one source's documents in a new random order every epoch. */
final class SourceCursor {
  private final String name;
  private final DocumentLengths documents;
  private final CounterRandom random;
  private int epoch;
  private int next;
  private int[] order;

  SourceCursor(String name, DocumentLengths documents, long seed) {
    if (documents.count() == 0) {
      throw new IllegalArgumentException(
          "Source '" + name + "' has no documents: take it out of the mix");
    }
    this.name = name;
    this.documents = documents;
    this.random = CounterRandom.of(seed, "order of " + name);
    order = random.at(0).permutation(documents.count());
  }

  /** The places of the next document, cut where it is longer than a row. */
  List<Place> next(int rowLength) {
    if (next == order.length) {
      epoch++;
      next = 0;
      order = random.at(epoch).permutation(documents.count());
    }
    int document = order[next++];
    int length = documents.length(document);
    List<Place> places = new ArrayList<>();
    for (int offset = 0; offset < length; offset += rowLength) {
      places.add(new Place(name, document, offset, Math.min(rowLength, length - offset)));
    }
    return places;
  }
}
