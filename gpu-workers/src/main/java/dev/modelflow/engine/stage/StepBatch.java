package dev.modelflow.engine.stage;

import dev.modelflow.engine.data.DataOrder;
import dev.modelflow.engine.data.Place;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What a step read, for a person who looks for what broke it.
 *
 * @param documents each in words, in the order of rows
 */
public record StepBatch(List<String> documents) {
  private static final int NAMED = 5;

  /** Copies the list. */
  public StepBatch {
    documents = List.copyOf(documents);
  }

  /** The pieces of documents of an order's latest step. */
  static StepBatch of(DataOrder order) {
    List<Place> places = order.latest();
    List<String> ids = order.ids(places);
    return new StepBatch(
        IntStream.range(0, places.size()).mapToObj(i -> words(places.get(i), ids.get(i))).toList());
  }

  private static String words(Place place, String id) {
    return "%s '%s' (tokens %d to %d)"
        .formatted(place.source(), id, place.offset(), place.offset() + place.length() - 1);
  }

  /** Whole documents of one sort, by their ids. */
  static StepBatch of(String sort, List<String> ids) {
    return new StepBatch(ids.stream().map(id -> "%s '%s'".formatted(sort, id)).toList());
  }

  /** A list for a sentence: the first few, and where the others are named. */
  String words() {
    String listed = String.join(", ", documents.subList(0, Math.min(NAMED, documents.size())));
    int more = documents.size() - NAMED;
    return more > 0 ? "%s and %d more, see the attempt's log".formatted(listed, more) : listed;
  }

  /** All of them, a line each that names the step too. */
  public List<String> lines(int step) {
    return documents.stream().map(it -> "Step %d read %s".formatted(step, it)).toList();
  }
}
