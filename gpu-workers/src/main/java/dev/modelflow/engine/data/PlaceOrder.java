package dev.modelflow.engine.data;

import dev.modelflow.engine.random.CounterRandom;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Which tokens of which documents each step sees, as a function of the documents' lengths, the mix
 * and the seed alone. Documents are drawn in random order, sources in proportion to their weights
 * in tokens, and packed best fit, some steps at a time. It reads no tokens, so that it makes
 * thousands of steps in milliseconds: that is how training goes on after a step, and how the record
 * of a checkpoint answers what it has seen.
 */
public final class PlaceOrder {
  private static final int STEPS_AT_ONCE = 32;

  private final List<SourceCursor> sources = new ArrayList<>();
  private final double[] weights;
  private final double[] drawn;
  private final ArrayDeque<List<Place>> ready = new ArrayDeque<>();
  private final CounterRandom shuffle;
  private final OrderCheck check = new OrderCheck();
  private final int rows;
  private final int rowLength;
  private int window;

  /** The order of these rows over these sources; each source of the mix must be there. */
  public PlaceOrder(Map<String, ? extends DocumentLengths> documents, RowOrder order) {
    rows = order.rows();
    rowLength = order.rowLength();
    shuffle = CounterRandom.of(order.seed(), "order of rows");
    Map<String, Double> mix = order.mix();
    double total = mix.values().stream().mapToDouble(Double::doubleValue).sum();
    weights = mix.values().stream().mapToDouble(weight -> weight / total).toArray();
    drawn = new double[weights.length];
    for (String name : mix.keySet()) {
      DocumentLengths source = documents.get(name);
      if (source == null) {
        throw new IllegalArgumentException(
            "The mix names source '" + name + "' but the stage has no input tokens." + name);
      }
      sources.add(new SourceCursor(name, source, order.seed()));
    }
  }

  /** The next step's places, row by row. */
  public List<List<Place>> next() {
    List<List<Place>> step = new ArrayList<>();
    while (step.size() < rows) {
      if (ready.isEmpty()) {
        packWindow();
      }
      step.add(ready.remove());
    }
    check.add(step);
    return step;
  }

  /** A number that hangs on every place of all steps so far. */
  public String check() {
    return check.hex();
  }

  /** Draws places for some steps, packs them, and lines their rows up in random order. */
  private void packWindow() {
    List<Place> places = new ArrayList<>();
    long wanted = (long) STEPS_AT_ONCE * rows * rowLength;
    for (long tokens = 0; tokens < wanted; ) {
      int source = mostDue();
      for (Place place : sources.get(source).next(rowLength)) {
        places.add(place);
        tokens += place.length();
        drawn[source] += place.length();
      }
    }
    List<List<Place>> packed = BestFitPacker.pack(places, rowLength, Place::length);
    for (int row : shuffle.at(window).permutation(packed.size())) {
      ready.add(packed.get(row));
    }
    window++;
  }

  /** The source that has had least of its share so far. */
  private int mostDue() {
    int due = 0;
    for (int i = 1; i < weights.length; i++) {
      if (drawn[i] / weights[i] < drawn[due] / weights[due]) {
        due = i;
      }
    }
    return due;
  }
}
