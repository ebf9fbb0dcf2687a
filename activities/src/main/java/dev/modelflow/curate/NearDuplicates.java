package dev.modelflow.curate;

import dev.modelflow.text.Document;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Documents that share most of their word runs: candidates meet in a band of their MinHash, are
 * verified by their exact similarity, and what hangs together is a cluster, of which the lowest id
 * is kept. The outcome does not depend on the order of the documents, and removes nothing when it
 * is applied again.
 */
final class NearDuplicates {
  static final String STEP = "near-duplicates";

  private final List<Document> documents;
  private final double threshold;
  private final long[][] shingles;
  private final int[] parents;

  private NearDuplicates(List<Document> documents, double threshold) {
    this.documents = documents;
    this.threshold = threshold;
    this.shingles =
        documents.parallelStream()
            .map(document -> MinHash.shingles(document.text()))
            .toArray(long[][]::new);
    this.parents = new int[documents.size()];
    Arrays.setAll(parents, i -> i);
  }

  /**
   * The removals among the documents.
   *
   * @param documents sorted by id
   * @param threshold least similarity of near duplicates, above 0
   */
  static List<Removal> removals(List<Document> documents, double threshold) {
    return new NearDuplicates(documents, threshold).run();
  }

  private List<Removal> run() {
    long[][] bands =
        Arrays.stream(shingles)
            .parallel()
            .map(set -> MinHash.bands(MinHash.signature(set)))
            .toArray(long[][]::new);
    for (int band = 0; band < MinHash.BANDS; band++) {
      joinBand(bands, band);
    }
    List<Removal> removals = new ArrayList<>();
    for (int i = 0; i < parents.length; i++) {
      int kept = find(i);
      if (kept != i) {
        removals.add(removal(i, kept));
      }
    }
    return removals;
  }

  private Removal removal(int removed, int kept) {
    Document document = documents.get(removed);
    return Removal.of(
        document,
        STEP,
        "similar text",
        MinHash.similarity(shingles[removed], shingles[kept]),
        documents.get(kept).id(),
        Removal.excerpt(document.text()));
  }

  /**
   * Sorts key and document together in one word. That leaves the key fewer bits, so that a few
   * strangers meet; verification tells them apart.
   */
  private void joinBand(long[][] bands, int band) {
    int bits = Integer.SIZE - Integer.numberOfLeadingZeros(Math.max(1, parents.length));
    long mask = (1L << bits) - 1;
    long[] sorted = new long[parents.length];
    Arrays.setAll(sorted, i -> (bands[i][band] & ~mask) | i);
    Arrays.parallelSort(sorted);
    int start = 0;
    for (int end = 1; end <= sorted.length; end++) {
      if (end == sorted.length || (sorted[end] & ~mask) != (sorted[start] & ~mask)) {
        joinGroup(sorted, start, end, mask);
        start = end;
      }
    }
  }

  private void joinGroup(long[] sorted, int start, int end, long mask) {
    for (int i = start; i < end; i++) {
      for (int j = start; j < i; j++) {
        join((int) (sorted[j] & mask), (int) (sorted[i] & mask));
      }
    }
  }

  private void join(int one, int other) {
    int first = find(one);
    int second = find(other);
    if (first != second && MinHash.similarity(shingles[one], shingles[other]) >= threshold) {
      parents[Math.max(first, second)] = Math.min(first, second);
    }
  }

  private int find(int document) {
    int root = document;
    while (parents[root] != root) {
      parents[root] = parents[parents[root]];
      root = parents[root];
    }
    return root;
  }
}
