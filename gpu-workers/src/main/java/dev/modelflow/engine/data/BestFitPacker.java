package dev.modelflow.engine.data;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.TreeMap;
import java.util.function.ToIntFunction;

/**
 * Puts each item into the fullest row that still has room for it (best fit; OLMo-core's
 * InstancePacker). Items of falling length give the tightest rows.
 */
public final class BestFitPacker {
  private final int capacity;
  private final TreeMap<Integer, PriorityQueue<Integer>> byRoom = new TreeMap<>();
  private int rows;

  /** A packer of rows of this many tokens. */
  public BestFitPacker(int capacity) {
    this.capacity = capacity;
  }

  /** The row, counted from 0, that takes the next item; of equally full rows the first. */
  public int place(int length) {
    if (length < 1 || length > capacity) {
      throw new IllegalArgumentException(
          "A row of " + capacity + " tokens cannot hold an item of " + length);
    }
    Map.Entry<Integer, PriorityQueue<Integer>> tightest = byRoom.ceilingEntry(length);
    if (tightest == null) {
      free(rows, capacity - length);
      return rows++;
    }
    int room = tightest.getKey();
    int row = tightest.getValue().remove();
    if (tightest.getValue().isEmpty()) {
      byRoom.remove(room);
    }
    free(row, room - length);
    return row;
  }

  /** Packs all items, longest first, and returns the rows. */
  public static <T> List<List<T>> pack(List<T> items, int capacity, ToIntFunction<T> length) {
    BestFitPacker packer = new BestFitPacker(capacity);
    List<List<T>> rows = new ArrayList<>();
    for (T item : items.stream().sorted(Comparator.comparingInt(length).reversed()).toList()) {
      int row = packer.place(length.applyAsInt(item));
      if (row == rows.size()) {
        rows.add(new ArrayList<>());
      }
      rows.get(row).add(item);
    }
    return rows;
  }

  private void free(int row, int room) {
    if (room > 0) {
      byRoom.computeIfAbsent(room, any -> new PriorityQueue<>()).add(row);
    }
  }
}
