package dev.modelflow.text;

import java.util.Arrays;

/** A growing list of ints. */
final class IntList {
  private int[] items;
  private int size;

  IntList(int capacity) {
    items = new int[Math.max(4, capacity)];
  }

  void add(int item) {
    reserve(size + 1);
    items[size++] = item;
  }

  void addAll(int[] more) {
    reserve(size + more.length);
    System.arraycopy(more, 0, items, size, more.length);
    size += more.length;
  }

  int get(int index) {
    return items[index];
  }

  int size() {
    return size;
  }

  int[] toArray() {
    return Arrays.copyOf(items, size);
  }

  private void reserve(int wanted) {
    if (wanted > items.length) {
      items = Arrays.copyOf(items, Math.max(wanted, items.length * 2));
    }
  }
}
