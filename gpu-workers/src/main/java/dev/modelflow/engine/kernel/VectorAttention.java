package dev.modelflow.engine.kernel;

import static dev.modelflow.engine.kernel.Vectors.LANES;

import dev.modelflow.engine.tensor.Precision;
import java.util.Arrays;

/**
 * Attention in float32 by the JVM's vectors, of which little is computed that no token sees. One
 * thread at a time.
 */
public final class VectorAttention implements AttentionKernel {
  /** Queries at once. */
  private static final int QUERIES = 32;

  /** Keys at once: scores and slopes of all queries at them stay in the nearer caches. */
  private static final int KEYS = Products.padded(256);

  private final int sharing;
  private final int headSize;
  private final float scale;
  private final Panel queries;
  private final Panel mixed;
  private final Panel slopes;
  private final Panel onQueries;
  private final Panel scores = new Panel(QUERIES, KEYS);
  private final Panel onScores = new Panel(QUERIES, KEYS);
  private final float[] largest = new float[QUERIES];
  private final float[] sums = new float[QUERIES];
  private final float[] shares = new float[QUERIES];
  private final float[] lanes = new float[LANES];
  private KeyHead head;

  /**
   * A kernel for heads of this size.
   *
   * @param sharing heads of queries to one of keys and values
   */
  public VectorAttention(int sharing, int headSize) {
    this.sharing = sharing;
    this.headSize = headSize;
    scale = (float) (1 / Math.sqrt(headSize));
    queries = new Panel(QUERIES, headSize);
    mixed = new Panel(QUERIES, headSize);
    slopes = new Panel(QUERIES, headSize);
    onQueries = new Panel(QUERIES, headSize);
    head = new KeyHead(0, headSize);
  }

  private interface BlockWork {
    /** Does what is to be done with some queries of the head. */
    void at(QueryBlock block, int column, int place);
  }

  @Override
  public Precision precision() {
    return Precision.FLOAT32;
  }

  @Override
  public void forward(Inputs inputs, Sight sight, Matrix result, Matrix softmax) {
    int heads = inputs.query().columns() / headSize;
    fit(sight);
    for (int row = 0; row < sight.rows(); row++) {
      for (int keyHead = 0; keyHead < heads / sharing; keyHead++) {
        head.read(inputs.keys(), inputs.values(), row * sight.length(), keyHead * headSize);
        eachBlock(
            sight,
            row,
            keyHead,
            heads,
            (block, column, place) -> {
              readQueries(block, inputs.query(), column);
              mix(block);
              finish(block.count(), softmax, place);
              mixed.write(result, block.matrixRow(), column, block.count());
            });
      }
    }
  }

  private void fit(Sight sight) {
    if (head.length() != sight.length()) {
      // Both are not needed at once.
      head = new KeyHead(0, headSize);
      head = new KeyHead(sight.length(), headSize);
    }
  }

  private void eachBlock(Sight sight, int row, int keyHead, int heads, BlockWork work) {
    for (int one = keyHead * sharing; one < (keyHead + 1) * sharing; one++) {
      int place = (row * heads + one) * sight.length();
      for (int from = 0; from < sight.length(); from += QUERIES) {
        int to = Math.min(sight.length(), from + QUERIES);
        work.at(new QueryBlock(sight, row, from, to), one * headSize, place + from);
      }
    }
  }

  private void readQueries(QueryBlock block, Matrix query, int column) {
    queries.read(query, block.matrixRow(), column, block.count());
    for (int i = 0; i < block.count(); i++) {
      queries.scale(i, scale);
    }
  }

  private void mix(QueryBlock block) {
    mixed.clear();
    Arrays.fill(largest, -Float.MAX_VALUE);
    Arrays.fill(sums, 0);
    for (int piece = block.firstKey(Products.COLUMNS); piece < block.to(); piece += KEYS) {
      for (int i = 0; i < block.count(); i += Products.ROWS) {
        int next = Math.min(block.count(), i + Products.ROWS);
        int width = block.width(next, piece, KEYS);
        score(i, next, queries, head.keysTurned(), piece, width, scores);
        for (int query = i; query < next; query++) {
          int end = block.width(query + 1, piece, KEYS);
          soften(query, block.first(query, piece), end, width);
        }
        take(i, next, scores, head.values(), piece, width, mixed);
      }
    }
  }

  /** Sets rows of {@code to} to products of those of {@code left} and columns of {@code right}. */
  private void score(int from, int next, Panel left, Panel right, int piece, int width, Panel to) {
    to.clear(from, next, Products.padded(width));
    Products.add(
        left.from(from, 0), right.from(0, piece), to.from(from, 0), next - from, width, headSize);
  }

  /** Adds products of rows of {@code left} and those of {@code right} from a piece's on. */
  private void take(int from, int next, Panel left, Panel right, int piece, int width, Panel to) {
    Products.add(
        left.from(from, 0), right.from(piece, 0), to.from(from, 0), next - from, headSize, width);
  }

  /** Turns a query's scores into powers, of which {@link #sums} holds the sum. */
  private void soften(int query, int first, int end, int width) {
    ScoreRow row = new ScoreRow(scores.at(query), first, end, Products.padded(width));
    if (row.isHidden()) {
      row.hide(scores.values());
      return;
    }
    float most = Math.max(largest[query], row.largest(scores.values(), lanes));
    if (sums[query] > 0) {
      float factor = (float) StrictMath.exp(largest[query] - most);
      sums[query] *= factor;
      mixed.scale(query, factor);
    }
    largest[query] = most;
    sums[query] += row.powers(scores.values(), most, 1, lanes);
  }

  private void finish(int count, Matrix softmax, int place) {
    for (int i = 0; i < count; i++) {
      shares[i] = 1 / sums[i];
      mixed.scale(i, shares[i]);
    }
    Rows.write(largest, softmax, LARGEST, place, count);
    Rows.write(shares, softmax, SHARES, place, count);
  }

  @Override
  public void backward(
      Inputs inputs, Sight sight, Matrix result, Matrix softmax, Matrix onResult, Inputs onInputs) {
    int heads = inputs.query().columns() / headSize;
    fit(sight);
    for (int row = 0; row < sight.rows(); row++) {
      for (int keyHead = 0; keyHead < heads / sharing; keyHead++) {
        int first = row * sight.length();
        head.readForSlopes(inputs.keys(), inputs.values(), first, keyHead * headSize);
        eachBlock(
            sight,
            row,
            keyHead,
            heads,
            (block, column, place) -> {
              readQueries(block, inputs.query(), column);
              mixed.read(result, block.matrixRow(), column, block.count());
              slopes.read(onResult, block.matrixRow(), column, block.count());
              back(block, softmax, place);
              onQueries.write(onInputs.query(), block.matrixRow(), column, block.count());
            });
        head.write(onInputs.keys(), onInputs.values(), first, keyHead * headSize);
      }
    }
  }

  private void back(QueryBlock block, Matrix softmax, int place) {
    Rows.read(softmax, LARGEST, place, block.count(), largest);
    Rows.read(softmax, SHARES, place, block.count(), shares);
    for (int i = 0; i < block.count(); i++) {
      sums[i] = slopes.dot(i, mixed, lanes);
    }
    onQueries.clear();
    for (int piece = block.firstKey(Products.COLUMNS); piece < block.to(); piece += KEYS) {
      int all = Products.padded(block.width(block.count(), piece, KEYS));
      for (int i = 0; i < block.count(); i += Products.ROWS) {
        int next = Math.min(block.count(), i + Products.ROWS);
        int width = block.width(next, piece, KEYS);
        score(i, next, queries, head.keysTurned(), piece, width, scores);
        score(i, next, slopes, head.valuesTurned(), piece, width, onScores);
        for (int query = i; query < next; query++) {
          int end = block.width(query + 1, piece, KEYS);
          harden(query, block.first(query, piece), end, all);
        }
        take(i, next, onScores, head.keys(), piece, width, onQueries);
      }
      learn(block, piece);
    }
    for (int i = 0; i < block.count(); i++) {
      onQueries.scale(i, scale);
    }
  }

  /** Turns a query's scores into its shares, and the slopes at those into slopes at the scores. */
  private void harden(int query, int first, int end, int width) {
    ScoreRow row = new ScoreRow(scores.at(query), first, end, width);
    if (row.isHidden()) {
      row.hide(scores.values());
      row.hide(onScores.values());
      return;
    }
    ScoreRow.Softmax softmax = new ScoreRow.Softmax(largest[query], shares[query], sums[query]);
    row.slopes(scores.values(), onScores.values(), softmax, 1);
  }

  /** Adds what these queries say to the slopes at keys and values. */
  private void learn(QueryBlock block, int piece) {
    int before = block.width(0, piece, KEYS);
    learn(piece, 0, 0, before, block.count());
    int all = block.width(block.count(), piece, KEYS);
    for (int key = before; key < all; key += Products.ROWS) {
      // No query before this one sees these keys.
      int first = Math.max(0, piece + key - block.from());
      learn(piece, first, key, Math.min(all, key + Products.ROWS) - key, block.count());
    }
  }

  private void learn(int piece, int first, int key, int keys, int count) {
    int steps = count - first;
    Products.View onValues = head.onValues().from(piece + key, 0);
    Products.add(scores.turned(first, key), slopes.from(first, 0), onValues, keys, headSize, steps);
    Products.View onKeys = head.onKeys().from(piece + key, 0);
    Products.add(
        onScores.turned(first, key), queries.from(first, 0), onKeys, keys, headSize, steps);
  }

  @Override
  public void close() {
    // Its memory is the JVM's.
  }
}
