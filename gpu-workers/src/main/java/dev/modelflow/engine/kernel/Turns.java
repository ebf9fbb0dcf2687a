package dev.modelflow.engine.kernel;

/** By how much the queries and keys of rows are rotated. */
public final class Turns {
  private final Matrix cosines;
  private final Matrix sines;
  private final int[] positions;

  /**
   * The angles of these rows.
   *
   * @param cosines of each position, [positions, headSize] in float32, the second half as the first
   * @param sines the same, those of the first half negated
   * @param positions of each row in these tables; shared, not copied
   */
  public Turns(Matrix cosines, Matrix sines, int[] positions) {
    this.cosines = cosines;
    this.sines = sines;
    this.positions = positions;
  }

  Matrix cosines() {
    return cosines;
  }

  Matrix sines() {
    return sines;
  }

  /** The position of a row. */
  int position(int row) {
    return positions[row];
  }
}
