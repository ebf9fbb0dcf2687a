package dev.modelflow.engine.kernel;

import static dev.modelflow.engine.kernel.Vectors.FLOATS;
import static dev.modelflow.engine.kernel.Vectors.LANES;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/**
 * The RMS norm of rows, {@code y = x r w} with {@code r = 1 / sqrt(mean(x^2) + epsilon)}, and its
 * slope. One thread at a time.
 */
public final class NormKernel {
  private final int width;
  private final double epsilon;
  private final float[] x;
  private final float[] slope;
  private final float[] weight;
  private final float[] onWeight;
  private final float[] lanes = new float[LANES];

  /** A kernel for rows of this width. */
  public NormKernel(int width, double epsilon) {
    this.width = width;
    this.epsilon = epsilon;
    int padded = Vectors.padded(width);
    x = new float[padded];
    slope = new float[padded];
    weight = new float[padded];
    onWeight = new float[padded];
  }

  /**
   * Sets each row of {@code to} to the norm of that of {@code from}.
   *
   * @param weights one row of float32
   */
  public void forward(Matrix from, Matrix weights, Matrix to) {
    Rows.read(weights, 0, 0, width, weight);
    for (int row = 0; row < from.rows(); row++) {
      norm(from, row);
      Rows.write(x, to, row, 0, width);
    }
  }

  /** Adds the norm of each row of {@code from} to that of {@code to}, which is float32. */
  public void add(Matrix from, Matrix weights, Matrix to) {
    Rows.read(weights, 0, 0, width, weight);
    for (int row = 0; row < from.rows(); row++) {
      norm(from, row);
      Rows.add(x, to, row, 0, width);
    }
  }

  private void norm(Matrix from, int row) {
    Rows.read(from, row, 0, width, x);
    float scale = scale(x, width, epsilon, lanes);
    for (int i = 0; i < x.length; i += LANES) {
      FloatVector.fromArray(FLOATS, x, i)
          .mul(scale)
          .mul(FloatVector.fromArray(FLOATS, weight, i))
          .intoArray(x, i);
    }
  }

  /**
   * Sends a slope back through {@link #forward}.
   *
   * @param slopes at its results
   * @param from what it was given
   * @param to receives the slope at that; it may be {@code slopes}
   * @param onWeights one row of float32 to which the weights' slope is added
   */
  public void backward(Matrix slopes, Matrix from, Matrix weights, Matrix to, Matrix onWeights) {
    Rows.read(weights, 0, 0, width, weight);
    Arrays.fill(onWeight, 0);
    for (int row = 0; row < from.rows(); row++) {
      Rows.read(from, row, 0, width, x);
      Rows.read(slopes, row, 0, width, slope);
      back(x, slope, weight, onWeight, width, epsilon, lanes);
      Rows.write(slope, to, row, 0, width);
    }
    Rows.add(onWeight, onWeights, 0, 0, width);
  }

  /** The factor that gives a row, padded with zeros, a root mean square of 1. */
  static float scale(float[] row, int width, double epsilon, float[] lanes) {
    float squares = Vectors.squares(row, Vectors.padded(width), lanes);
    return (float) (1 / Math.sqrt((double) squares / width + epsilon));
  }

  /**
   * Turns a row's slope into that at the norm's input, {@code r (w g - x r^2 mean(w g x))}, and
   * adds {@code g x r} to the weights' slope.
   */
  static void back(
      float[] x,
      float[] slope,
      float[] weight,
      float[] onWeight,
      int width,
      double epsilon,
      float[] lanes) {
    int padded = Vectors.padded(width);
    float scale = scale(x, width, epsilon, lanes);
    FloatVector products = FloatVector.zero(FLOATS);
    for (int i = 0; i < padded; i += LANES) {
      FloatVector along = FloatVector.fromArray(FLOATS, slope, i);
      FloatVector value = FloatVector.fromArray(FLOATS, x, i);
      FloatVector sloped = along.mul(value);
      products = products.add(sloped.mul(FloatVector.fromArray(FLOATS, weight, i)));
      sloped.mul(scale).add(FloatVector.fromArray(FLOATS, onWeight, i)).intoArray(onWeight, i);
    }
    float common = Vectors.sum(products, lanes) / width * scale * scale;
    for (int i = 0; i < padded; i += LANES) {
      FloatVector along = FloatVector.fromArray(FLOATS, slope, i);
      FloatVector value = FloatVector.fromArray(FLOATS, x, i);
      along
          .mul(FloatVector.fromArray(FLOATS, weight, i))
          .sub(value.mul(common))
          .mul(scale)
          .intoArray(slope, i);
    }
  }
}
