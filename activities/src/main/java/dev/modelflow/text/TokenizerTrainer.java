package dev.modelflow.text;

import dev.modelflow.text.Tokenizer.Merge;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.LongPredicate;

/**
 * Learns a tokenizer's merges: again and again the most frequent pair of neighbours, of equally
 * frequent ones the pair with the smallest ids. The result depends on the counts alone, not on the
 * order of the text.
 */
public final class TokenizerTrainer {
  /** A pair seen once compresses nothing. */
  private static final long LEAST_COUNT = 2;

  private static final class Pair {
    long count;
    final IntList words = new IntList(4);
  }

  private record Candidate(long count, long key) {
    static final Comparator<Candidate> BEST_FIRST =
        Comparator.comparingLong(Candidate::count).reversed().thenComparingLong(Candidate::key);
  }

  private final List<int[]> words = new ArrayList<>();
  private final List<Long> counts = new ArrayList<>();
  private final Map<Long, Pair> pairs = new HashMap<>();
  private final PriorityQueue<Candidate> queue = new PriorityQueue<>(Candidate.BEST_FIRST);

  private TokenizerTrainer(WordCounts corpus) {
    corpus
        .counts()
        .forEach(
            (word, count) -> {
              byte[] utf8 = word.getBytes(StandardCharsets.UTF_8);
              if (utf8.length > 1) {
                words.add(Tokenizer.byteIds(utf8));
                counts.add(count);
              }
            });
  }

  /**
   * A tokenizer of {@code vocabularySize} ids, or fewer if the corpus has no pair left that occurs
   * twice. Throws {@link IllegalArgumentException} for a size below 260 (special tokens and bytes)
   * or above 65,536 (token sets hold 16-bit ids).
   */
  public static Tokenizer train(WordCounts corpus, int vocabularySize) {
    if (vocabularySize < Tokenizer.FIRST_MERGE || vocabularySize > 65_536) {
      throw new IllegalArgumentException(
          "A vocabulary of %d is not possible: expected %d to 65536"
              .formatted(vocabularySize, Tokenizer.FIRST_MERGE));
    }
    return new Tokenizer(
        new TokenizerTrainer(corpus).learn(vocabularySize - Tokenizer.FIRST_MERGE));
  }

  private List<Merge> learn(int wanted) {
    Set<Long> first = new HashSet<>();
    for (int word = 0; word < words.size(); word++) {
      countPairs(word, counts.get(word));
      index(word, key -> true, first);
    }
    first.forEach(key -> queue.add(new Candidate(pair(key).count, key)));
    List<Merge> merges = new ArrayList<>(wanted);
    while (merges.size() < wanted && !queue.isEmpty()) {
      Candidate best = queue.remove();
      long current = pair(best.key()).count;
      if (current < LEAST_COUNT) {
        continue;
      }
      if (current != best.count()) {
        queue.add(new Candidate(current, best.key()));
        continue;
      }
      Merge merge = new Merge((int) (best.key() >>> 32), (int) best.key());
      apply(merge, Tokenizer.FIRST_MERGE + merges.size());
      merges.add(merge);
    }
    return merges;
  }

  private void apply(Merge merge, int id) {
    Pair merged = pair(merge.key());
    Set<Long> made = new HashSet<>();
    for (int i = 0; i < merged.words.size(); i++) {
      int word = merged.words.get(i);
      int[] before = words.get(word);
      int[] after = replace(before, merge, id);
      if (after.length < before.length) {
        countPairs(word, -counts.get(word));
        words.set(word, after);
        countPairs(word, counts.get(word));
        index(word, key -> isMade(key, id), made);
      }
    }
    pairs.remove(merge.key());
    made.forEach(key -> queue.add(new Candidate(pair(key).count, key)));
  }

  private void countPairs(int word, long change) {
    int[] symbols = words.get(word);
    for (int i = 0; i + 1 < symbols.length; i++) {
      pair(Merge.key(symbols[i], symbols[i + 1])).count += change;
    }
  }

  /** Notes that the wanted pairs stand in this word; adds them to {@code seen}. */
  private void index(int word, LongPredicate wanted, Set<Long> seen) {
    int[] symbols = words.get(word);
    for (int i = 0; i + 1 < symbols.length; i++) {
      long key = Merge.key(symbols[i], symbols[i + 1]);
      if (wanted.test(key)) {
        seen.add(key);
        IntList in = pair(key).words;
        if (in.size() == 0 || in.get(in.size() - 1) != word) {
          in.add(word);
        }
      }
    }
  }

  private Pair pair(long key) {
    return pairs.computeIfAbsent(key, absent -> new Pair());
  }

  private static boolean isMade(long key, int id) {
    return (int) (key >>> 32) == id || (int) key == id;
  }

  private static int[] replace(int[] symbols, Merge merge, int id) {
    IntList out = new IntList(symbols.length);
    for (int i = 0; i < symbols.length; i++) {
      if (i + 1 < symbols.length && symbols[i] == merge.left() && symbols[i + 1] == merge.right()) {
        out.add(id);
        i++;
      } else {
        out.add(symbols[i]);
      }
    }
    return out.toArray();
  }
}
