package dev.modelflow.engine.data;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toSet;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What each step sees, as a function of seed and step alone: the tokens of a {@link PlaceOrder}.
 * Positions restart with every document. To continue after a step, the order of the steps before it
 * is made again without reading their tokens, which takes milliseconds for thousands of steps.
 */
public final class DataOrder {
  private final Map<String, ? extends Documents> documents;
  private final RowOrder order;
  private final PlaceOrder places;
  private List<List<Place>> latest = List.of();
  private int passed;

  /**
   * An order over these sources.
   *
   * @param mix share of each source in the tokens; made to sum to 1
   * @param rows rows a step
   * @param rowLength tokens a row
   */
  public DataOrder(
      Map<String, ? extends Documents> documents,
      Map<String, Double> mix,
      long seed,
      int rows,
      int rowLength) {
    this(documents, new RowOrder(seed, rows, rowLength, mix));
  }

  private DataOrder(Map<String, ? extends Documents> documents, RowOrder order) {
    this.documents = documents;
    this.order = order;
    places = new PlaceOrder(documents, order);
  }

  /** The same order from its first step on. */
  public DataOrder again() {
    return new DataOrder(documents, order);
  }

  /** Passes over steps that were made before. */
  public void skip(int steps) {
    for (int step = 0; step < steps; step++) {
      nextPlaces();
    }
  }

  /** The next step's rows. */
  public PackedRows next() {
    List<List<Sequence>> sequences =
        nextPlaces().stream().map(row -> row.stream().map(this::sequence).toList()).toList();
    return PackedRows.of(sequences, order.rowLength());
  }

  /** What its steps so far, made or passed over, have seen. */
  public SeenRows seen() {
    return new SeenRows(0, 0, passed, order, places.check());
  }

  /** Where the tokens of the latest step stand, row by row; nothing before the first step. */
  public List<Place> latest() {
    return latest.stream().flatMap(List::stream).toList();
  }

  /** The id of each place's document, see {@link Documents#ids}. */
  public List<String> ids(List<Place> some) {
    Map<String, Map<Integer, String>> ids = new HashMap<>();
    some.stream()
        .collect(groupingBy(Place::source, mapping(Place::document, toSet())))
        .forEach((source, numbers) -> ids.put(source, source(source).ids(numbers)));
    return some.stream()
        .map(
            place ->
                ids.getOrDefault(place.source(), Map.of())
                    .getOrDefault(place.document(), String.valueOf(place.document())))
        .toList();
  }

  private List<List<Place>> nextPlaces() {
    passed++;
    latest = places.next();
    return latest;
  }

  private Sequence sequence(Place place) {
    return source(place.source()).sequence(place.document(), place.offset(), place.length());
  }

  private Documents source(String name) {
    Documents source = documents.get(name);
    if (source == null) {
      throw new IllegalStateException("The source '" + name + "' is gone");
    }
    return source;
  }
}
