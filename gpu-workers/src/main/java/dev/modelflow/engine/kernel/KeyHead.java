package dev.modelflow.engine.kernel;

/** The keys and values of one head in one row, as products need them. */
final class KeyHead {
  private final int length;
  private final Panel keys;
  private final Panel keysTurned;
  private final Panel values;
  private final Panel valuesTurned;
  private final Panel onKeys;
  private final Panel onValues;

  KeyHead(int length, int headSize) {
    this.length = length;
    keys = new Panel(length, headSize);
    keysTurned = new Panel(headSize, length);
    values = new Panel(length, headSize);
    valuesTurned = new Panel(headSize, length);
    onKeys = new Panel(length, headSize);
    onValues = new Panel(length, headSize);
  }

  int length() {
    return length;
  }

  /** Reads what {@link AttentionKernel#forward} needs: a row's tokens, a head's columns. */
  void read(Matrix allKeys, Matrix allValues, int row, int column) {
    keys.read(allKeys, row, column, length);
    keysTurned.turn(keys, length);
    values.read(allValues, row, column, length);
  }

  /** Makes ready for {@link AttentionKernel#backward}. */
  void readForSlopes(Matrix allKeys, Matrix allValues, int row, int column) {
    read(allKeys, allValues, row, column);
    valuesTurned.turn(values, length);
    onKeys.clear();
    onValues.clear();
  }

  /** Writes the slopes at what was read. */
  void write(Matrix onAllKeys, Matrix onAllValues, int row, int column) {
    onKeys.write(onAllKeys, row, column, length);
    onValues.write(onAllValues, row, column, length);
  }

  /** [length, headSize]. */
  Panel keys() {
    return keys;
  }

  /** [headSize, length]. */
  Panel keysTurned() {
    return keysTurned;
  }

  /** [length, headSize]. */
  Panel values() {
    return values;
  }

  /** [headSize, length]. */
  Panel valuesTurned() {
    return valuesTurned;
  }

  /** [length, headSize]. */
  Panel onKeys() {
    return onKeys;
  }

  /** [length, headSize]. */
  Panel onValues() {
    return onValues;
  }
}
