package dev.modelflow.curate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.modelflow.text.Document;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class DeduplicationTest {
  private static final double THRESHOLD = 0.8;

  @Property(tries = 40)
  void removingNearDuplicatesTwiceRemovesNoMore(@ForAll long seed) {
    List<Document> documents = corpus(new Random(seed), 60);
    List<Document> kept = without(documents, NearDuplicates.removals(documents, THRESHOLD));
    assertThat(kept).hasSizeLessThan(documents.size());
    assertThat(NearDuplicates.removals(kept, THRESHOLD)).isEmpty();
  }

  @Property(tries = 40)
  void theOrderInWhichDocumentsCameDoesNotMatter(@ForAll long seed) {
    List<Document> documents = corpus(new Random(seed), 60);
    List<Document> shuffled = new ArrayList<>(documents);
    Collections.shuffle(shuffled, new Random(seed + 1));
    shuffled.sort(Comparator.comparing(Document::id));
    assertThat(NearDuplicates.removals(shuffled, THRESHOLD))
        .isEqualTo(NearDuplicates.removals(documents, THRESHOLD));
    Collections.shuffle(shuffled, new Random(seed + 2));
    assertThat(ExactDuplicates.removals(shuffled)).isEqualTo(ExactDuplicates.removals(documents));
  }

  @Property(tries = 40)
  void theKeptDocumentIsKeptAndHasALowerId(@ForAll long seed) {
    List<Document> documents = corpus(new Random(seed), 60);
    List<Removal> removals = NearDuplicates.removals(documents, THRESHOLD);
    Set<String> removed = removals.stream().map(Removal::id).collect(Collectors.toSet());
    for (Removal removal : removals) {
      assertThat(removed).doesNotContain(String.valueOf(removal.match()));
      assertThat(String.valueOf(removal.match())).isLessThan(removal.id());
    }
  }

  @Test
  void documentsBelowTheThresholdAreKept() {
    List<Document> documents =
        List.of(
            document("a", "one two three four five six seven eight nine ten"),
            document("b", "one two three four five six seven eight nine eleven"),
            document("c", "completely other words stand here and nothing is shared"));
    // Of six shingles each, five are shared: 5 of 7.
    assertThat(NearDuplicates.removals(documents, 0.72)).isEmpty();
    assertThat(NearDuplicates.removals(documents, 0.71))
        .extracting(Removal::id, Removal::match, Removal::value)
        .containsExactly(tuple("b", "a", 0.7143));
  }

  /** One seed, since an estimate may be as far off as any number; of some 150,000 one is. */
  @Property(tries = 60, seed = "7")
  void minHashEstimatesTheSimilarity(
      @ForAll long seed, @ForAll @IntRange(min = 0, max = 100) int shared) {
    Random random = new Random(seed);
    long[] common = random.longs(shared * 4L).toArray();
    long[] one = sorted(common, random.longs(200).toArray());
    long[] other = sorted(common, random.longs(200).toArray());
    double similarity = MinHash.similarity(one, other);
    double estimate = estimate(MinHash.signature(one), MinHash.signature(other));
    // Four and a half standard errors of 112 tries.
    double error = Math.sqrt(similarity * (1 - similarity) / (MinHash.BANDS * MinHash.ROWS));
    assertThat(estimate)
        .isBetween(similarity - 4.5 * error - 0.01, similarity + 4.5 * error + 0.01);
  }

  /** The share of equal values. */
  private static double estimate(long[] signature, long[] other) {
    long equal = IntStream.range(0, signature.length).filter(i -> signature[i] == other[i]).count();
    return (double) equal / signature.length;
  }

  @Test
  void similarTextsMeetInABandAsOftenAsTheFormulaSays() {
    Random random = new Random(11);
    int met = 0;
    int tries = 2000;
    for (int i = 0; i < tries; i++) {
      long[] common = random.longs(160).toArray();
      long[] one = MinHash.bands(MinHash.signature(sorted(common, random.longs(20).toArray())));
      long[] other = MinHash.bands(MinHash.signature(sorted(common, random.longs(20).toArray())));
      met += IntStream.range(0, MinHash.BANDS).anyMatch(b -> one[b] == other[b]) ? 1 : 0;
    }
    double expected = 1 - Math.pow(1 - Math.pow(0.8, MinHash.ROWS), MinHash.BANDS);
    assertThat(met / (double) tries).isBetween(expected - 0.03, expected + 0.03);
  }

  @Test
  void exactDuplicatesMayDifferInCaseAndWhiteSpace() {
    List<Document> group =
        List.of(
            document("b", "The  house\n"), document("a", "the house"), document("c", "THE HOUSE"));
    assertThat(group)
        .extracting(ExactDuplicates::key)
        .containsOnly(ExactDuplicates.key(group.get(0)));
    assertThat(ExactDuplicates.removals(group))
        .extracting(Removal::id, Removal::match)
        .containsExactly(tuple("b", "a"), tuple("c", "a"));
    assertThat(ExactDuplicates.key(document("d", "thehouse")))
        .isNotEqualTo(ExactDuplicates.key(group.get(0)));
  }

  @Test
  void linesOnManyPagesAreBoilerplate() {
    List<Document> pages =
        IntStream.range(0, 12)
            .mapToObj(i -> document("p" + i, "Overview\nPage " + i + " says this."))
            .toList();
    Map<Long, Integer> counts = RepeatedLines.count(pages);
    assertThat(RepeatedLines.strip(pages.get(3), counts).text()).isEqualTo("Page 3 says this.");
    assertThat(RepeatedLines.count(pages.subList(0, 10)))
        .isEqualTo(new HashMap<>(RepeatedLines.count(pages.subList(0, 10))));
    assertThat(RepeatedLines.strip(pages.get(3), RepeatedLines.count(pages.subList(0, 10))).text())
        .isEqualTo("Overview\nPage 3 says this.");
  }

  /** Texts of which a third are slight changes of earlier ones. */
  private static List<Document> corpus(Random random, int size) {
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      texts.add(i > 3 && i % 3 == 0 ? changed(random, texts.get(random.nextInt(i))) : text(random));
    }
    return IntStream.range(0, size)
        .mapToObj(i -> document("d%03d".formatted(i), texts.get(i)))
        .toList();
  }

  private static String text(Random random) {
    return IntStream.range(0, 80)
        .mapToObj(i -> "w" + (char) ('a' + random.nextInt(26)) + (char) ('a' + random.nextInt(26)))
        .collect(Collectors.joining(" "));
  }

  private static String changed(Random random, String text) {
    List<String> words = new ArrayList<>(List.of(text.split(" ", -1)));
    words.set(random.nextInt(words.size()), "changed");
    return String.join(" ", words);
  }

  private static List<Document> without(List<Document> documents, List<Removal> removals) {
    Set<String> ids =
        removals.stream().map(Removal::id).collect(Collectors.toCollection(HashSet::new));
    return documents.stream().filter(document -> !ids.contains(document.id())).toList();
  }

  private static long[] sorted(long[] one, long[] other) {
    return LongStream.concat(Arrays.stream(one), Arrays.stream(other))
        .sorted()
        .distinct()
        .toArray();
  }

  static Document document(String id, String text) {
    return new Document(id, text, "s", "2026-11-01", "2026-11-01", Map.of(), Map.of());
  }
}
