package dev.modelflow.text;

import java.util.Arrays;

/**
 * Maps pairs of token ids to numbers from 0 up. Open addressing over plain arrays: boxed keys would
 * take most of the time of training and encoding.
 */
final class PairTable {
  /** What {@link #find} says of an unknown pair. */
  static final int ABSENT = -1;

  private static final long EMPTY = -1;

  private long[] keys = new long[1 << 10];
  private int[] values = new int[1 << 10];
  private int size;

  PairTable() {
    Arrays.fill(keys, EMPTY);
  }

  int find(int left, int right) {
    long key = key(left, right);
    int slot = slot(key);
    return keys[slot] == key ? values[slot] : ABSENT;
  }

  /** The pair's number, {@code size()} if it was unknown. */
  int add(int left, int right) {
    if (2 * size >= keys.length) {
      grow();
    }
    long key = key(left, right);
    int slot = slot(key);
    if (keys[slot] == EMPTY) {
      keys[slot] = key;
      values[slot] = size++;
    }
    return values[slot];
  }

  int size() {
    return size;
  }

  private static long key(int left, int right) {
    return ((long) left << 32) | right;
  }

  private int slot(long key) {
    int mask = keys.length - 1;
    int slot = (int) ((key * 0x9E3779B97F4A7C15L) >>> 33) & mask;
    while (keys[slot] != EMPTY && keys[slot] != key) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private void grow() {
    long[] oldKeys = keys;
    int[] oldValues = values;
    keys = new long[oldKeys.length * 2];
    values = new int[oldKeys.length * 2];
    Arrays.fill(keys, EMPTY);
    for (int i = 0; i < oldKeys.length; i++) {
      if (oldKeys[i] != EMPTY) {
        int slot = slot(oldKeys[i]);
        keys[slot] = oldKeys[i];
        values[slot] = oldValues[i];
      }
    }
  }
}
