package dev.modelflow.engine.kernel;

/**
 * Some queries of one head, one behind the other, and the keys that they see, which are taken piece
 * by piece.
 *
 * @param row which of the packed rows
 * @param from its first query in the row
 * @param to behind its last one
 */
record QueryBlock(Sight sight, int row, int from, int to) {
  int count() {
    return to - from;
  }

  /** Where its first query's row lies in matrices of all tokens. */
  int matrixRow() {
    return rowStart() + from;
  }

  /** Where its row's first token lies there. */
  int rowStart() {
    return row * rowLength();
  }

  int rowLength() {
    return sight.length();
  }

  /** The first key that any of it sees, or one before that: a multiple of {@code step}. */
  int firstKey(int step) {
    return sight.first(row, from) / step * step;
  }

  /** How many keys of the piece from {@code piece} on the queries before {@code query} see. */
  int width(int query, int piece, int most) {
    return Math.clamp(from + (long) query - piece, 0, most);
  }

  /** The first key of a piece that a query sees, counted from there. */
  int first(int query, int piece) {
    return Math.max(0, sight.first(row, from + query) - piece);
  }
}
