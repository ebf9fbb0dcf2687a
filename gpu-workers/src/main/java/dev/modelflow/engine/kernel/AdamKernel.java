package dev.modelflow.engine.kernel;

import static dev.modelflow.engine.kernel.Vectors.FLOATS;
import static dev.modelflow.engine.kernel.Vectors.LANES;

import jdk.incubator.vector.FloatVector;

/** AdamW's update in one way through memory, which is what it waits for. */
public final class AdamKernel {
  /** Values at once: all buffers of as many lie in the nearest cache. */
  private static final int AT_ONCE = 64 * LANES;

  private final float[] weight = new float[AT_ONCE];
  private final float[] gradient = new float[AT_ONCE];
  private final float[] mean = new float[AT_ONCE];
  private final float[] square = new float[AT_ONCE];

  private AdamKernel() {}

  /** Updates weights and moments, all of them a row of float32 of one length. */
  public static void update(
      Matrix weights, Matrix gradients, Matrix means, Matrix squares, AdamUpdate update) {
    AdamKernel kernel = new AdamKernel();
    for (int from = 0; from < weights.columns(); from += AT_ONCE) {
      int count = Math.min(AT_ONCE, weights.columns() - from);
      Rows.read(weights, 0, from, count, kernel.weight);
      Rows.read(gradients, 0, from, count, kernel.gradient);
      Rows.read(means, 0, from, count, kernel.mean);
      Rows.read(squares, 0, from, count, kernel.square);
      kernel.update(Vectors.padded(count), update);
      Rows.write(kernel.weight, weights, 0, from, count);
      Rows.write(kernel.mean, means, 0, from, count);
      Rows.write(kernel.square, squares, 0, from, count);
    }
  }

  private void update(int padded, AdamUpdate update) {
    float scale = (float) update.scale();
    float onMean = (float) (1 - update.meanKept());
    float squareKept = (float) update.squareKept();
    float onSquare = (float) (1 - update.squareKept());
    float rootFactor = (float) update.rootFactor();
    float epsilon = (float) update.epsilon();
    float weightKept = (float) update.weightKept();
    float step = (float) update.step();
    for (int i = 0; i < padded; i += LANES) {
      FloatVector g = FloatVector.fromArray(FLOATS, gradient, i).mul(scale);
      FloatVector before = FloatVector.fromArray(FLOATS, mean, i);
      FloatVector m = before.add(g.sub(before).mul(onMean));
      FloatVector v =
          FloatVector.fromArray(FLOATS, square, i).mul(squareKept).add(g.mul(g).mul(onSquare));
      FloatVector root = v.sqrt().mul(rootFactor).add(epsilon);
      FloatVector kept = FloatVector.fromArray(FLOATS, weight, i).mul(weightKept);
      m.intoArray(mean, i);
      v.intoArray(square, i);
      kept.sub(m.div(root).mul(step)).intoArray(weight, i);
    }
  }
}
