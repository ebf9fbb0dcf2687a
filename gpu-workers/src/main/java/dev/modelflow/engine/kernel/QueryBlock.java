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
    return row * sight.length() + from;
  }

  /** The first key that any of it sees, at the beginning of a tile. */
  int firstKey() {
    return sight.first(row, from) / Products.COLUMNS * Products.COLUMNS;
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
