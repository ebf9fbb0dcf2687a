package dev.modelflow.engine.tensor;

import java.util.List;

/**
 * What of a tensor is on the Java heap at a time: its values come and go in pieces of one size, so
 * that no tensor is too large for it.
 */
public final class Pieces {
  /** Values of a piece, of which the last may have fewer: 4 MiB of them in float32. */
  public static final int VALUES = 1 << 20;

  private Pieces() {}

  /** The pieces of so many values, one after the other. */
  public static List<Range> of(long values) {
    return Range.of(values).pieces(VALUES);
  }

  /** Room for each of these pieces. */
  public static float[] room(long values) {
    return new float[(int) Math.min(values, VALUES)];
  }
}
