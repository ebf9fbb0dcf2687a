package dev.modelflow.text;

import java.util.Arrays;
import java.util.PriorityQueue;

/**
 * Applies merges to one piece: always the merge learnt first, of equal ones the leftmost. A queue
 * over a linked list keeps it at n log n for pieces of any length.
 */
final class PieceMerger {
  private static final int GONE = -1;

  private final MergeTable merges;
  private final int[] symbols;
  private final int[] next;
  private final int[] previous;
  private final PriorityQueue<Long> queue = new PriorityQueue<>();

  private PieceMerger(int[] symbols, MergeTable merges) {
    this.merges = merges;
    this.symbols = symbols;
    this.next = new int[symbols.length];
    this.previous = new int[symbols.length];
    Arrays.setAll(next, i -> i + 1);
    Arrays.setAll(previous, i -> i - 1);
  }

  /** The ids after all merges; may change {@code symbols}. */
  static int[] merge(int[] symbols, MergeTable merges) {
    return symbols.length < 2 ? symbols : new PieceMerger(symbols, merges).run();
  }

  private int[] run() {
    for (int i = 0; i + 1 < symbols.length; i++) {
      offer(i);
    }
    int left = symbols.length;
    while (!queue.isEmpty()) {
      long candidate = queue.remove();
      int rank = (int) (candidate >>> 32);
      int at = (int) candidate;
      // Otherwise the neighbours have changed since the candidate was queued.
      if (rankAt(at) == rank) {
        join(at, merges.made(rank));
        left--;
      }
    }
    int[] ids = new int[left];
    int count = 0;
    for (int i = 0; i < symbols.length; i = next[i]) {
      ids[count++] = symbols[i];
    }
    return ids;
  }

  private void join(int at, int id) {
    int removed = next[at];
    symbols[at] = id;
    symbols[removed] = GONE;
    next[at] = next[removed];
    if (next[at] < symbols.length) {
      previous[next[at]] = at;
      offer(at);
    }
    if (previous[at] >= 0) {
      offer(previous[at]);
    }
  }

  private void offer(int at) {
    int rank = rankAt(at);
    if (rank != PairTable.ABSENT) {
      queue.add(((long) rank << 32) | at);
    }
  }

  private int rankAt(int at) {
    if (symbols[at] == GONE || next[at] >= symbols.length) {
      return PairTable.ABSENT;
    }
    return merges.rank(symbols[at], symbols[next[at]]);
  }
}
