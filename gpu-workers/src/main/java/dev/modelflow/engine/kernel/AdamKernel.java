package dev.modelflow.engine.kernel;

import static dev.modelflow.engine.kernel.Vectors.FLOATS;
import static dev.modelflow.engine.kernel.Vectors.LANES;

import dev.modelflow.engine.tensor.Precision;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;

/** AdamW's update in one way through memory, which is what it waits for. */
public final class AdamKernel {
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

  private AdamKernel() {}

  /**
   * The numbers of one update.
   *
   * @param scale that gradients are multiplied by
   * @param onMean share of a gradient in the new mean
   * @param squareKept what a mean square is multiplied by
   * @param onSquare share of a gradient's square in the new mean square
   * @param onRoot what the mean square's root is multiplied by
   * @param epsilon that is added to that
   * @param weightKept what a weight is multiplied by
   * @param rate by which it goes against mean over root
   */
  public record Update(
      float scale,
      float onMean,
      float squareKept,
      float onSquare,
      float onRoot,
      float epsilon,
      float weightKept,
      float rate) {}

  /** Updates weights and moments: rows of float32 of one length, as the gradients are. */
  public static void update(
      Matrix weights, Matrix gradients, Matrix means, Matrix squares, Update update) {
    int count = weights.columns();
    long weight = start(weights, count);
    long gradient = start(gradients, count);
    long mean = start(means, count);
    long square = start(squares, count);
    int whole = FLOATS.loopBound(count);
    for (int i = 0; i < whole; i += LANES) {
      long at = (long) i * Float.BYTES;
      FloatVector g = load(gradient + at).mul(update.scale);
      FloatVector before = load(mean + at);
      FloatVector m = before.add(g.sub(before).mul(update.onMean));
      FloatVector s = load(square + at).mul(update.squareKept).add(g.mul(g).mul(update.onSquare));
      FloatVector root = s.sqrt().mul(update.onRoot).add(update.epsilon);
      FloatVector w = load(weight + at).mul(update.weightKept).sub(m.div(root).mul(update.rate));
      m.intoMemorySegment(Rows.MEMORY, mean + at, ORDER);
      s.intoMemorySegment(Rows.MEMORY, square + at, ORDER);
      w.intoMemorySegment(Rows.MEMORY, weight + at, ORDER);
    }
    for (int i = whole; i < count; i++) {
      long at = (long) i * Float.BYTES;
      float g = Rows.MEMORY.get(FLOAT, gradient + at) * update.scale;
      float before = Rows.MEMORY.get(FLOAT, mean + at);
      float m = before + (g - before) * update.onMean;
      float s = Rows.MEMORY.get(FLOAT, square + at) * update.squareKept + g * g * update.onSquare;
      float root = (float) Math.sqrt(s) * update.onRoot + update.epsilon;
      float w = Rows.MEMORY.get(FLOAT, weight + at) * update.weightKept - m / root * update.rate;
      Rows.MEMORY.set(FLOAT, mean + at, m);
      Rows.MEMORY.set(FLOAT, square + at, s);
      Rows.MEMORY.set(FLOAT, weight + at, w);
    }
  }

  private static FloatVector load(long address) {
    return FloatVector.fromMemorySegment(FLOATS, Rows.MEMORY, address, ORDER);
  }

  private static long start(Matrix matrix, int count) {
    if (matrix.precision() != Precision.FLOAT32) {
      throw new IllegalArgumentException(
          "Updates are made in float32, not in " + matrix.precision());
    }
    return matrix.address(0, 0, count);
  }
}
