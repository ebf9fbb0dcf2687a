package dev.modelflow.text;

import dev.modelflow.text.Tokenizer.Merge;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Learns a tokenizer's merges: again and again the most frequent pair of neighbours, of equally
 * frequent ones the pair with the smallest ids. The result depends on the counts alone, not on the
 * order of the text.
 */
public final class TokenizerTrainer {
  /** What stands once only compresses nothing: a pair, or a piece of text with all its pairs. */
  private static final long LEAST_COUNT = 2;

  private static final class Pair {
    final Merge merge;
    final IntList words = new IntList(4);
    long count;

    Pair(Merge merge) {
      this.merge = merge;
    }
  }

  private record Candidate(long count, Pair pair) {
    static final Comparator<Candidate> BEST_FIRST =
        Comparator.comparingLong(Candidate::count)
            .reversed()
            .thenComparingInt(candidate -> candidate.pair().merge.left())
            .thenComparingInt(candidate -> candidate.pair().merge.right());
  }

  private final List<int[]> words = new ArrayList<>();
  private final List<Long> counts = new ArrayList<>();
  private final PairTable table = new PairTable();
  private final List<Pair> pairs = new ArrayList<>();
  private final PriorityQueue<Candidate> queue = new PriorityQueue<>(Candidate.BEST_FIRST);

  private TokenizerTrainer(WordCounts corpus) {
    corpus
        .counts()
        .forEach(
            (word, count) -> {
              byte[] utf8 = word.getBytes(StandardCharsets.UTF_8);
              if (utf8.length > 1 && count >= LEAST_COUNT) {
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
    for (int word = 0; word < words.size(); word++) {
      count(word, counts.get(word));
      index(word, 0);
    }
    queuePairs(0);
    List<Merge> merges = new ArrayList<>(wanted);
    while (merges.size() < wanted && !queue.isEmpty()) {
      Candidate best = queue.remove();
      long current = best.pair().count;
      if (current < LEAST_COUNT) {
        continue;
      }
      if (current != best.count()) {
        queue.add(new Candidate(current, best.pair()));
        continue;
      }
      apply(best.pair(), Tokenizer.FIRST_MERGE + merges.size());
      merges.add(best.pair().merge);
    }
    return merges;
  }

  private void apply(Pair merged, int id) {
    // Only pairs with the new token can gain by the merge, and all of them are new.
    int firstMade = pairs.size();
    for (int i = 0; i < merged.words.size(); i++) {
      int word = merged.words.get(i);
      int[] before = words.get(word);
      int[] after = replace(before, merged.merge, id);
      if (after.length < before.length) {
        count(word, -counts.get(word));
        words.set(word, after);
        count(word, counts.get(word));
        index(word, firstMade);
      }
    }
    queuePairs(firstMade);
  }

  private void count(int word, long change) {
    int[] symbols = words.get(word);
    for (int i = 0; i + 1 < symbols.length; i++) {
      pairs.get(number(symbols[i], symbols[i + 1])).count += change;
    }
  }

  /** Notes for the pairs numbered from {@code first} on that they stand in this word. */
  private void index(int word, int first) {
    int[] symbols = words.get(word);
    for (int i = 0; i + 1 < symbols.length; i++) {
      int number = number(symbols[i], symbols[i + 1]);
      if (number >= first) {
        IntList in = pairs.get(number).words;
        if (in.size() == 0 || in.get(in.size() - 1) != word) {
          in.add(word);
        }
      }
    }
  }

  private void queuePairs(int first) {
    pairs.subList(first, pairs.size()).forEach(pair -> queue.add(new Candidate(pair.count, pair)));
  }

  private int number(int left, int right) {
    int number = table.add(left, right);
    if (number == pairs.size()) {
      pairs.add(new Pair(new Merge(left, right)));
    }
    return number;
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
