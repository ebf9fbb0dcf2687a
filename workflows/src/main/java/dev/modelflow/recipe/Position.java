package dev.modelflow.recipe;

/**
 * A place in a recipe's text, counted from 1; both numbers are 0 for a value that stands in no
 * text, such as an override.
 */
record Position(int line, int column) {
  static final Position NONE = new Position(0, 0);
}
