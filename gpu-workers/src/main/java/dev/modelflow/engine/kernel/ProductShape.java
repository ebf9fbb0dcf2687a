package dev.modelflow.engine.kernel;

import dev.modelflow.engine.kernel.MatrixMultiplier.Factor;
import dev.modelflow.engine.tensor.Precision;

/**
 * What code for a product hangs on.
 *
 * @param rows of the product
 * @param steps values that each of its values is a sum over
 * @param columns of the product
 * @param leftTurned whether the left factor lies column by column
 * @param rightTurned likewise
 * @param of precision of both factors
 * @param to precision of the product
 * @param adding whether it is added to what is there
 */
record ProductShape(
    int rows,
    int steps,
    int columns,
    boolean leftTurned,
    boolean rightTurned,
    Precision of,
    Precision to,
    boolean adding) {
  /**
   * That of this product.
   *
   * @throws IllegalArgumentException where matrices or their precisions do not fit each other
   */
  static ProductShape of(Factor left, Factor right, Matrix to, boolean adding) {
    boolean fits =
        left.columns() == right.rows()
            && left.rows() == to.rows()
            && right.columns() == to.columns()
            && left.matrix().precision() == right.matrix().precision()
            && (left.matrix().precision() == Precision.BF16 || to.precision() == Precision.FLOAT32);
    if (!fits) {
      throw new IllegalArgumentException(
          "%d x %d in %s times %d x %d in %s is no %d x %d in %s"
              .formatted(
                  left.rows(),
                  left.columns(),
                  left.matrix().precision(),
                  right.rows(),
                  right.columns(),
                  right.matrix().precision(),
                  to.rows(),
                  to.columns(),
                  to.precision()));
    }
    return new ProductShape(
        to.rows(),
        left.columns(),
        to.columns(),
        left.turned(),
        right.turned(),
        left.matrix().precision(),
        to.precision(),
        adding);
  }
}
