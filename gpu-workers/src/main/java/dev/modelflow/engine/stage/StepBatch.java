package dev.modelflow.engine.stage;

import dev.modelflow.engine.data.DataOrder;
import dev.modelflow.engine.data.Place;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What a step read, for a person who looks for what broke it.
 *
 * @param documents each in words, in the order of rows
 */
public record StepBatch(List<String> documents) {
  private static final int NAMED = 5;

  /** Characters of a line, and lines: an attempt's log keeps no more than some of these. */
  private static final int WIDTH = 1000;

  private static final int MOST_LINES = 100;

  /** Copies the list. */
  public StepBatch {
    documents = List.copyOf(documents);
  }

  /** The pieces of documents of an order's latest step. */
  static StepBatch of(DataOrder order) {
    List<Place> places = order.latest();
    List<String> ids = ids(order, places);
    return new StepBatch(
        IntStream.range(0, places.size()).mapToObj(i -> words(places.get(i), ids.get(i))).toList());
  }

  /** Their numbers where the files cannot be read: what broke the step counts more. */
  private static List<String> ids(DataOrder order, List<Place> places) {
    try {
      return order.ids(places);
    } catch (UncheckedIOException unreadable) {
      return places.stream().map(place -> String.valueOf(place.document())).toList();
    }
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

  /** All of them, or how many there are beyond a hundred long lines; each line names the step. */
  public List<String> lines(int step) {
    List<String> lines = new ArrayList<>();
    int next = 0;
    while (next < documents.size() && lines.size() < MOST_LINES) {
      int from = next;
      int length = 0;
      while (next < documents.size() && (next == from || length < WIDTH)) {
        length += documents.get(next++).length();
      }
      lines.add(
          "Step %d read %s".formatted(step, String.join(", ", documents.subList(from, next))));
    }
    if (next < documents.size()) {
      lines.add("Step %d read %d more".formatted(step, documents.size() - next));
    }
    return lines;
  }
}
