package dev.modelflow.engine.kernel;

import static dev.modelflow.engine.kernel.Vectors.FLOATS;
import static dev.modelflow.engine.kernel.Vectors.LANES;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/**
 * What lies between the projection to queries, keys and values and attention: an RMS norm over the
 * whole width of a token's queries and one over that of its keys, then the rotation of their heads.
 * One thread at a time.
 */
public final class QueryKeyKernel {
  private final double epsilon;
  private final HeadTurner turner;
  private final Side queries;
  private final Side keys;
  private final int keyWidth;
  private final float[] values;
  private final float[] lanes = new float[LANES];

  /** A kernel for tokens with this much of queries, and of keys and of values. */
  public QueryKeyKernel(int queryWidth, int keyWidth, int headSize, double epsilon) {
    this.epsilon = epsilon;
    this.keyWidth = keyWidth;
    turner = new HeadTurner(headSize);
    queries = new Side(0, queryWidth);
    keys = new Side(queryWidth, keyWidth);
    values = new float[Vectors.padded(keyWidth)];
  }

  /** Queries or keys: where they lie in a row, and room for one. */
  private static final class Side {
    private final int column;
    private final int width;
    private final float[] x;
    private final float[] turned;
    private final float[] slope;
    private final float[] weight;
    private final float[] onWeight;

    Side(int column, int width) {
      this.column = column;
      this.width = width;
      int padded = Vectors.padded(width);
      x = new float[padded];
      turned = new float[padded];
      slope = new float[padded];
      weight = new float[padded];
      onWeight = new float[padded];
    }
  }

  /**
   * Divides a projection into queries, keys and values.
   *
   * @param projected rows of queries, keys and values
   * @param weights of both norms: one row of float32
   * @param turns by how much each row is rotated
   */
  public void forward(
      Matrix projected, Matrix weights, Turns turns, Matrix query, Matrix key, Matrix value) {
    start(weights);
    for (int row = 0; row < projected.rows(); row++) {
      turner.aim(turns, row);
      forward(projected, row, queries, query);
      forward(projected, row, keys, key);
      Rows.read(projected, row, keys.column + keyWidth, keyWidth, values);
      Rows.write(values, value, row, 0, keyWidth);
    }
  }

  private void forward(Matrix projected, int row, Side side, Matrix to) {
    Rows.read(projected, row, side.column, side.width, side.x);
    float scale = NormKernel.scale(side.x, side.width, epsilon, lanes);
    for (int i = 0; i < side.x.length; i += LANES) {
      FloatVector.fromArray(FLOATS, side.x, i)
          .mul(scale)
          .mul(FloatVector.fromArray(FLOATS, side.weight, i))
          .intoArray(side.x, i);
    }
    turner.turn(side.x, side.turned, side.width, 1);
    Rows.write(side.turned, to, row, 0, side.width);
  }

  /**
   * Sends slopes back through {@link #forward}.
   *
   * @param projected what it was given
   * @param onProjected receives the slope at that; another matrix
   * @param onWeights one row of float32 to which the weights' slope is added
   */
  public void backward(
      Matrix onQuery,
      Matrix onKey,
      Matrix onValue,
      Matrix projected,
      Matrix weights,
      Turns turns,
      Matrix onProjected,
      Matrix onWeights) {
    start(weights);
    for (int row = 0; row < projected.rows(); row++) {
      turner.aim(turns, row);
      backward(onQuery, projected, row, queries, onProjected);
      backward(onKey, projected, row, keys, onProjected);
      Rows.read(onValue, row, 0, keyWidth, values);
      Rows.write(values, onProjected, row, keys.column + keyWidth, keyWidth);
    }
    Rows.add(queries.onWeight, onWeights, 0, queries.column, queries.width);
    Rows.add(keys.onWeight, onWeights, 0, keys.column, keys.width);
  }

  private void backward(Matrix slopes, Matrix projected, int row, Side side, Matrix to) {
    Rows.read(projected, row, side.column, side.width, side.x);
    Rows.read(slopes, row, 0, side.width, side.turned);
    turner.turn(side.turned, side.slope, side.width, -1);
    NormKernel.back(side.x, side.slope, side.weight, side.onWeight, side.width, epsilon, lanes);
    Rows.write(side.slope, to, row, side.column, side.width);
  }

  private void start(Matrix weights) {
    for (Side side : new Side[] {queries, keys}) {
      Rows.read(weights, 0, side.column, side.width, side.weight);
      Arrays.fill(side.onWeight, 0);
    }
  }
}
