package dev.modelflow.engine.stage;

import dev.modelflow.engine.data.DataOrder;
import dev.modelflow.engine.data.Place;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What a step read, for a person who looks for what broke it.
 *
 * @param first the first few documents, each in words
 * @param count how many there are
 */
record StepBatch(List<String> first, int count) {
  private static final int NAMED = 5;

  StepBatch {
    first = List.copyOf(first);
  }

  /** The pieces of documents of an order's latest step. */
  static StepBatch of(DataOrder order) {
    List<Place> places = order.latest();
    List<Place> named = places.subList(0, Math.min(NAMED, places.size()));
    List<String> ids = order.ids(named);
    return new StepBatch(
        IntStream.range(0, named.size()).mapToObj(i -> words(named.get(i), ids.get(i))).toList(),
        places.size());
  }

  private static String words(Place place, String id) {
    return "%s '%s' (tokens %d to %d)"
        .formatted(place.source(), id, place.offset(), place.offset() + place.length() - 1);
  }

  /** Whole documents of one sort, by their ids. */
  static StepBatch of(String sort, List<String> ids) {
    return new StepBatch(
        ids.stream().limit(NAMED).map(id -> "%s '%s'".formatted(sort, id)).toList(), ids.size());
  }

  /** A list for a sentence. */
  String words() {
    String listed = String.join(", ", first);
    return count > first.size() ? "%s and %d more".formatted(listed, count - first.size()) : listed;
  }
}
