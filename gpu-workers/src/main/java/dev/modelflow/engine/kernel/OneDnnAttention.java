package dev.modelflow.engine.kernel;

import static dev.modelflow.engine.kernel.Vectors.FLOATS;
import static dev.modelflow.engine.kernel.Vectors.LANES;

import dev.modelflow.engine.tensor.Precision;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/**
 * Attention whose products are of bf16, by oneDNN, and whose softmax and sums are in float32.
 * Blocks are larger than by vectors, for a product costs a call. One thread at a time.
 */
public final class OneDnnAttention implements AttentionKernel {
  /** Queries at once. */
  private static final int QUERIES = 128;

  /** Keys at once: scores and slopes of all queries at them stay in the nearer caches. */
  private static final int KEYS = 256;

  /** Keys are taken in multiples of this where there are enough: code is made for each number. */
  private static final int STEP = 64;

  private final MatrixMultiplier multiplier;
  private final int sharing;
  private final int headSize;
  private final float scale;
  private final Workspace memory = new Workspace();
  private final Matrix scores = memory.take(QUERIES, KEYS, Precision.FLOAT32);
  private final Matrix onShares = memory.take(QUERIES, KEYS, Precision.FLOAT32);
  private final Matrix shares = memory.take(QUERIES, KEYS, Precision.BF16);
  private final Matrix onScores = memory.take(QUERIES, KEYS, Precision.BF16);
  private final Matrix mixed;
  private final float[] largest = new float[QUERIES];
  private final float[] sums = new float[QUERIES];
  private final float[] means = new float[QUERIES];
  private final float[] share = new float[KEYS];
  private final float[] slope = new float[KEYS];
  private final float[] mixedRow;
  private final float[] slopeRow;
  private final float[] lanes = new float[LANES];

  /** Whether products of heads of this size read no more than the heads. */
  public static boolean fits(int headSize) {
    return headSize % MatrixMultiplier.STEPS == 0;
  }

  /**
   * A kernel for heads of this size.
   *
   * @param multiplier of the same thread; the caller closes it
   * @param sharing heads of queries to one of keys and values
   * @param headSize one that {@link #fits}
   */
  public OneDnnAttention(MatrixMultiplier multiplier, int sharing, int headSize) {
    this.multiplier = multiplier;
    this.sharing = sharing;
    this.headSize = headSize;
    scale = (float) (1 / Math.sqrt(headSize));
    mixed = memory.take(QUERIES, headSize, Precision.FLOAT32);
    mixedRow = new float[Vectors.padded(headSize)];
    slopeRow = new float[Vectors.padded(headSize)];
  }

  @Override
  public Precision precision() {
    return Precision.BF16;
  }

  @Override
  public void close() {
    memory.close();
  }

  private interface BlockWork {
    /** Does what is to be done with some queries of a head. */
    void at(Block block);
  }

  /** Some queries of one head, the head's place in a row, and where their softmax is kept. */
  private record Block(QueryBlock queries, int head, int keyHead, int place) {
    int count() {
      return queries.count();
    }

    /** Whether no block before it had the same head of keys in the same row. */
    boolean isFirstOfKeys(int sharing) {
      return queries.from() == 0 && head % sharing == 0;
    }
  }

  private void eachBlock(Inputs inputs, Sight sight, BlockWork work) {
    int heads = inputs.query().columns() / headSize;
    for (int row = 0; row < sight.rows(); row++) {
      for (int head = 0; head < heads; head++) {
        int place = (row * heads + head) * sight.length();
        for (int from = 0; from < sight.length(); from += QUERIES) {
          int to = Math.min(sight.length(), from + QUERIES);
          work.at(
              new Block(new QueryBlock(sight, row, from, to), head, head / sharing, place + from));
        }
      }
    }
  }

  /** What the queries of a block have in a matrix of all heads. */
  private Part ofQueries(Matrix matrix, Block block) {
    return Part.of(
        matrix, block.queries().matrixRow(), block.head() * headSize, block.count(), headSize);
  }

  /** What the keys of a piece have in a matrix of all heads of keys. */
  private Part ofKeys(Matrix matrix, Block block, Piece piece) {
    int row = block.queries().rowStart() + piece.from();
    return Part.of(matrix, row, block.keyHead() * headSize, piece.width(), headSize);
  }

  /**
   * Keys of a row that are taken at once, counted from the row's first.
   *
   * @param first whether they are the first that the block takes
   */
  private record Piece(int from, int width, boolean first) {
    /** The one that begins here. */
    static Piece of(QueryBlock queries, int from) {
      int seen = Math.ceilDiv(queries.to() - from, STEP) * STEP;
      int width = Math.min(Math.min(KEYS, seen), queries.rowLength() - from);
      return new Piece(from, width, from == queries.firstKey(STEP));
    }

    Part in(Matrix matrix, int count) {
      return Part.of(matrix, 0, 0, count, width);
    }

    /** What a query sees of it, in an array of its own. */
    ScoreRow row(QueryBlock queries, int query) {
      int end = queries.width(query + 1, from, width);
      return new ScoreRow(0, queries.first(query, from), end, padded());
    }

    /** So many values of a row are read by products. */
    private int padded() {
      return Math.ceilDiv(width, MatrixMultiplier.STEPS) * MatrixMultiplier.STEPS;
    }
  }

  private interface PieceWork {
    /** Does what is to be done with some keys. */
    void at(Piece piece);
  }

  private static void eachPiece(Block block, PieceWork work) {
    QueryBlock queries = block.queries();
    for (int from = queries.firstKey(STEP); from < queries.to(); from += KEYS) {
      work.at(Piece.of(queries, from));
    }
  }

  @Override
  public void forward(Inputs inputs, Sight sight, Matrix result, Matrix softmax) {
    eachBlock(
        inputs,
        sight,
        block -> {
          Arrays.fill(largest, -Float.MAX_VALUE);
          Arrays.fill(sums, 0);
          eachPiece(block, piece -> mix(inputs, block, piece));
          finish(block, result, softmax);
        });
  }

  private void mix(Inputs inputs, Block block, Piece piece) {
    score(inputs.query(), inputs.keys(), block, piece, scores);
    for (int query = 0; query < block.count(); query++) {
      soften(query, piece.row(block.queries(), query), piece.first());
    }
    Part values = ofKeys(inputs.values(), block, piece);
    Part to = Part.of(mixed, 0, 0, block.count(), headSize);
    sum(piece, piece.in(shares, block.count()), values, to);
  }

  /** Adds what a piece says to what those before it said. */
  private void sum(Piece piece, Part left, Part right, Part to) {
    if (piece.first()) {
      multiplier.set(left, right, to);
    } else {
      multiplier.add(left, right, to);
    }
  }

  /** Sets {@code to} to the products of the queries' rows and the keys'. */
  private void score(Matrix queries, Matrix keys, Block block, Piece piece, Matrix to) {
    multiplier.set(
        ofQueries(queries, block),
        ofKeys(keys, block, piece).turned(),
        piece.in(to, block.count()));
  }

  /** Turns a query's scores into powers, of which {@link #sums} holds the sum. */
  private void soften(int query, ScoreRow row, boolean first) {
    if (!row.isHidden()) {
      Rows.read(scores, query, row.from(), row.to() - row.from(), share, row.from());
      float most = Math.max(largest[query], row.largest(share, lanes));
      if (!first) {
        float factor = (float) StrictMath.exp((largest[query] - most) * scale);
        sums[query] *= factor;
        scaleMixed(query, factor);
      }
      largest[query] = most;
      sums[query] += row.powers(share, most, scale, lanes);
    } else {
      row.hide(share);
    }
    Rows.write(share, shares, query, 0, row.width());
  }

  private void scaleMixed(int query, float factor) {
    Rows.read(mixed, query, 0, headSize, mixedRow);
    scale(mixedRow, factor);
    Rows.write(mixedRow, mixed, query, 0, headSize);
  }

  private static void scale(float[] values, float factor) {
    for (int i = 0; i < values.length; i += LANES) {
      FloatVector.fromArray(FLOATS, values, i).mul(factor).intoArray(values, i);
    }
  }

  private void finish(Block block, Matrix result, Matrix softmax) {
    for (int i = 0; i < block.count(); i++) {
      sums[i] = 1 / sums[i];
      Rows.read(mixed, i, 0, headSize, mixedRow);
      scale(mixedRow, sums[i]);
      int row = block.queries().matrixRow() + i;
      Rows.write(mixedRow, result, row, block.head() * headSize, headSize);
    }
    Rows.write(largest, softmax, LARGEST, block.place(), block.count());
    Rows.write(sums, softmax, SHARES, block.place(), block.count());
  }

  @Override
  public void backward(
      Inputs inputs, Sight sight, Matrix result, Matrix softmax, Matrix onResult, Inputs onInputs) {
    eachBlock(
        inputs,
        sight,
        block -> {
          Rows.read(softmax, LARGEST, block.place(), block.count(), largest);
          Rows.read(softmax, SHARES, block.place(), block.count(), sums);
          readMeans(block, result, onResult);
          if (block.isFirstOfKeys(sharing)) {
            clearKeys(block, onInputs.keys());
            clearKeys(block, onInputs.values());
          }
          eachPiece(block, piece -> back(inputs, block, piece, onResult, onInputs));
        });
  }

  /** Blocks of queries add to the slopes at the keys that they share. */
  private void clearKeys(Block block, Matrix onKeys) {
    int row = block.queries().rowStart();
    int column = block.keyHead() * headSize;
    for (int i = 0; i < block.queries().rowLength(); i++) {
      Rows.clear(onKeys, row + i, column, headSize);
    }
  }

  /** The mean slope at a query's shares is what its result says of the slope at that. */
  private void readMeans(Block block, Matrix result, Matrix onResult) {
    int column = block.head() * headSize;
    for (int i = 0; i < block.count(); i++) {
      int row = block.queries().matrixRow() + i;
      Rows.read(result, row, column, headSize, mixedRow);
      Rows.read(onResult, row, column, headSize, slopeRow);
      means[i] = Vectors.dot(mixedRow, slopeRow, 0, mixedRow.length, lanes);
    }
  }

  private void back(Inputs inputs, Block block, Piece piece, Matrix onResult, Inputs onInputs) {
    score(inputs.query(), inputs.keys(), block, piece, scores);
    score(onResult, inputs.values(), block, piece, onShares);
    for (int query = 0; query < block.count(); query++) {
      harden(query, piece.row(block.queries(), query));
    }
    Part shared = piece.in(shares, block.count());
    Part slopes = piece.in(onScores, block.count());
    multiplier.add(
        shared.turned(), ofQueries(onResult, block), ofKeys(onInputs.values(), block, piece));
    Part keys = ofKeys(inputs.keys(), block, piece);
    sum(piece, slopes, keys, ofQueries(onInputs.query(), block));
    multiplier.add(
        slopes.turned(), ofQueries(inputs.query(), block), ofKeys(onInputs.keys(), block, piece));
  }

  /** Turns a query's scores into its shares, and the slopes at those into slopes at the scores. */
  private void harden(int query, ScoreRow row) {
    if (!row.isHidden()) {
      Rows.read(scores, query, row.from(), row.to() - row.from(), share, row.from());
      Rows.read(onShares, query, row.from(), row.to() - row.from(), slope, row.from());
      ScoreRow.Softmax softmax = new ScoreRow.Softmax(largest[query], sums[query], means[query]);
      row.slopes(share, slope, softmax, scale);
    } else {
      row.hide(share);
      row.hide(slope);
    }
    Rows.write(share, shares, query, 0, row.width());
    Rows.write(slope, onScores, query, 0, row.width());
  }
}
