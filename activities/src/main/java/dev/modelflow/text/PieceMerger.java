package dev.modelflow.text;

import java.util.Arrays;
import java.util.Map;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * Applies merges to one piece: always the merge learnt first, of equal ones the leftmost. A queue
 * over a linked list keeps it at n log n for pieces of any length.
 */
final class PieceMerger {
  private static final int GONE = -1;

  private final Map<Long, Integer> ranks;
  private final int[] symbols;
  private final int[] next;
  private final int[] previous;
  private final PriorityQueue<Long> queue = new PriorityQueue<>();

  private PieceMerger(int[] symbols, Map<Long, Integer> ranks) {
    this.ranks = ranks;
    this.symbols = symbols;
    this.next = new int[symbols.length];
    this.previous = new int[symbols.length];
    Arrays.setAll(next, i -> i + 1);
    Arrays.setAll(previous, i -> i - 1);
  }

  /** The ids after all merges; may change {@code symbols}. */
  static int[] merge(int[] symbols, Map<Long, Integer> ranks) {
    return symbols.length < 2 ? symbols : new PieceMerger(symbols, ranks).run();
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
      Integer current = rankAt(at);
      // The neighbours have changed since the candidate was queued.
      if (current == null || current != rank) {
        continue;
      }
      join(at, Tokenizer.FIRST_MERGE + rank);
      left--;
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
    Integer rank = rankAt(at);
    if (rank != null) {
      queue.add(((long) rank << 32) | at);
    }
  }

  private @Nullable Integer rankAt(int at) {
    if (symbols[at] == GONE || next[at] >= symbols.length) {
      return null;
    }
    return ranks.get(Tokenizer.Merge.key(symbols[at], symbols[next[at]]));
  }
}
