package dev.modelflow.text;

import dev.modelflow.text.Tokenizer.Merge;

/** Which pairs merge, how early, and into what. */
final class MergeTable {
  private final PairTable ranks = new PairTable();
  private final IntList made = new IntList(1 << 10);

  /** Adds a merge that comes after all others; false if its pair is there already. */
  boolean add(Merge merge) {
    if (ranks.add(merge.left(), merge.right()) != made.size()) {
      return false;
    }
    made.add(merge.made());
    return true;
  }

  /** The pair's place in the order of merges; {@link PairTable#ABSENT} if it does not merge. */
  int rank(int left, int right) {
    return ranks.find(left, right);
  }

  /** The token that the pair of this rank becomes. */
  int made(int rank) {
    return made.get(rank);
  }
}
