package dev.modelflow.engine.kernel;

import dev.modelflow.engine.tensor.Precision;
import dev.modelflow.engine.tensor.Tensors;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;

/**
 * Matrices that are needed again and again in the same order: where one of the same shape was taken
 * at this place before, it is taken again, and nobody is asked for memory. One thread at a time;
 * close it to free them.
 */
public final class Workspace implements AutoCloseable {
  private final List<Matrix> matrices = new ArrayList<>();
  private int taken;

  /** An uninitialised one, which is the caller's until it is given back. */
  public Matrix take(int rows, int columns, Precision precision) {
    if (taken == matrices.size()) {
      matrices.add(made(rows, columns, precision));
    } else if (!matrices.get(taken).is(rows, columns, precision)) {
      // Before, so that both are never there at once.
      matrices.remove(taken).tensor().close();
      matrices.add(taken, made(rows, columns, precision));
    }
    return matrices.get(taken++);
  }

  /** Gives all back that were taken. */
  public void giveBack() {
    taken = 0;
  }

  private static Matrix made(int rows, int columns, Precision precision) {
    try (PointerScope _ = new PointerScope()) {
      Matrix matrix = Matrix.empty(rows, columns, precision);
      Tensors.keep(matrix.tensor());
      return matrix;
    }
  }

  @Override
  public void close() {
    matrices.forEach(matrix -> matrix.tensor().close());
    matrices.clear();
    taken = 0;
  }
}
