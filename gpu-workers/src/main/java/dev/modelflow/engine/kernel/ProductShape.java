package dev.modelflow.engine.kernel;

import dev.modelflow.engine.tensor.Precision;

/**
 * What code for a product hangs on.
 *
 * @param adding whether the product is added to what is there
 */
record ProductShape(Layout left, Layout right, Layout to, boolean adding) {
  /**
   * A shape.
   *
   * @throws IllegalArgumentException where layouts or their precisions do not fit each other
   */
  ProductShape {
    boolean fits =
        left.columns() == right.rows()
            && left.rows() == to.rows()
            && right.columns() == to.columns()
            && left.precision() == right.precision()
            && (left.precision() == Precision.BF16 || to.precision() == Precision.FLOAT32);
    if (!fits) {
      throw new IllegalArgumentException("%s times %s is no %s".formatted(left, right, to));
    }
  }
}
