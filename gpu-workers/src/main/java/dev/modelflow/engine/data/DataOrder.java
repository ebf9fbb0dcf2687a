package dev.modelflow.engine.data;

import dev.modelflow.engine.data.SourceCursor.Piece;
import dev.modelflow.engine.random.CounterRandom;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The rows that each step sees, a function of the sources, their weights, the seed and the step
 * alone. Documents are drawn in random order, sources in proportion to their weights in tokens, and
 * packed best fit, some steps at a time; positions restart with every document. To continue after a
 * step, the order of the steps before it is made again without reading their tokens, which takes
 * milliseconds for thousands of steps.
 */
public final class DataOrder {
  private static final int STEPS_AT_ONCE = 32;

  private final List<SourceCursor> sources = new ArrayList<>();
  private final double[] weights;
  private final double[] drawn;
  private final ArrayDeque<List<Piece>> ready = new ArrayDeque<>();
  private final CounterRandom shuffle;
  private final int rows;
  private final int rowLength;
  private int window;

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
    this.rows = rows;
    this.rowLength = rowLength;
    this.shuffle = CounterRandom.of(seed, "order of rows");
    List<String> names =
        mix.keySet().stream().filter(name -> weight(mix, name) > 0).sorted().toList();
    double total = names.stream().mapToDouble(name -> weight(mix, name)).sum();
    weights = names.stream().mapToDouble(name -> weight(mix, name) / total).toArray();
    drawn = new double[weights.length];
    for (String name : names) {
      Documents source = documents.get(name);
      if (source == null) {
        throw new IllegalArgumentException(
            "The mix names source '" + name + "' but the stage has no input tokens." + name);
      }
      sources.add(new SourceCursor(name, source, seed));
    }
    if (sources.isEmpty()) {
      throw new IllegalArgumentException("The mix is empty: give at least one source a weight");
    }
  }

  /** Passes over steps that were made before. */
  public void skip(int steps) {
    for (int step = 0; step < steps; step++) {
      nextPieces();
    }
  }

  /** The next step's rows. */
  public PackedRows next() {
    List<List<Sequence>> sequences =
        nextPieces().stream().map(row -> row.stream().map(Piece::sequence).toList()).toList();
    return PackedRows.of(sequences, rowLength);
  }

  private List<List<Piece>> nextPieces() {
    List<List<Piece>> step = new ArrayList<>();
    while (step.size() < rows) {
      if (ready.isEmpty()) {
        packWindow();
      }
      step.add(ready.remove());
    }
    return step;
  }

  /** Draws pieces for some steps, packs them, and lines their rows up in random order. */
  private void packWindow() {
    List<Piece> pieces = new ArrayList<>();
    long wanted = (long) STEPS_AT_ONCE * rows * rowLength;
    for (long tokens = 0; tokens < wanted; ) {
      int source = mostDue();
      for (Piece piece : sources.get(source).next(rowLength)) {
        pieces.add(piece);
        tokens += piece.length();
        drawn[source] += piece.length();
      }
    }
    List<List<Piece>> packed = BestFitPacker.pack(pieces, rowLength, Piece::length);
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

  private static double weight(Map<String, Double> mix, String name) {
    Double weight = mix.get(name);
    return weight == null ? 0 : weight;
  }
}
