package dev.modelflow.text;

import dev.modelflow.text.Tokenizer.Merge;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Learns a tokenizer's merges: again and again the most frequent pair of neighbours, of equally
 * frequent ones the pair with the smallest ids. The result depends on the counts alone, not on the
 * order of the text.
 *
 * <p>No two tokens have the same bytes. Between two tokens of a word no merge has crossed the
 * borders, so the merges so far have made of these bytes what they would make of them alone; and
 * that is one token as soon as a merge has made one of them.
 */
public final class TokenizerTrainer {
  private static final int FIRST_BYTE = SpecialToken.values().length;
  private static final int FIRST_MERGE = FIRST_BYTE + 256;
  private static final int MOST = 262_144;

  /** What stands once only compresses nothing: a pair, or a piece of text with all its pairs. */
  private static final long LEAST_COUNT = 2;

  private static final class Pair {
    final int left;
    final int right;
    final IntList words = new IntList(4);
    long count;

    Pair(int left, int right) {
      this.left = left;
      this.right = right;
    }
  }

  private record Candidate(long count, Pair pair) {
    static final Comparator<Candidate> BEST_FIRST =
        Comparator.comparingLong(Candidate::count)
            .reversed()
            .thenComparingInt(candidate -> candidate.pair().left)
            .thenComparingInt(candidate -> candidate.pair().right);
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
                words.add(byteIds(utf8));
                counts.add(count);
              }
            });
  }

  /**
   * A tokenizer of {@code vocabularySize} ids, or fewer if the corpus has no pair left that occurs
   * twice. Throws {@link IllegalArgumentException} for a size below 260 (special tokens and bytes)
   * or above 262,144.
   */
  public static Tokenizer train(WordCounts corpus, int vocabularySize) {
    if (vocabularySize < FIRST_MERGE || vocabularySize > MOST) {
      throw new IllegalArgumentException(
          "A vocabulary of %d is not possible: expected %d to %d"
              .formatted(vocabularySize, FIRST_MERGE, MOST));
    }
    return tokenizer(new TokenizerTrainer(corpus).learn(vocabularySize - FIRST_MERGE));
  }

  /** Special tokens, bytes, merges. */
  private static Tokenizer tokenizer(List<Merge> merges) {
    byte[][] bytes = new byte[FIRST_MERGE + merges.size()][];
    List<AddedToken> added = new ArrayList<>();
    for (SpecialToken special : SpecialToken.values()) {
      bytes[added.size()] = special.text().getBytes(StandardCharsets.UTF_8);
      added.add(new AddedToken(added.size(), special.text(), true));
    }
    for (int value = 0; value < 256; value++) {
      bytes[FIRST_BYTE + value] = new byte[] {(byte) value};
    }
    for (Merge merge : merges) {
      bytes[merge.made()] = Tokenizer.concatenate(bytes[merge.left()], bytes[merge.right()]);
    }
    String source = "A trained tokenizer";
    return new Tokenizer(source, new TokenBytes(source, bytes, added), added, merges, Cut.TRAINED);
  }

  private static int[] byteIds(byte[] utf8) {
    int[] ids = new int[utf8.length];
    Arrays.setAll(ids, i -> FIRST_BYTE + (utf8[i] & 0xFF));
    return ids;
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
      int made = FIRST_MERGE + merges.size();
      apply(best.pair(), made);
      merges.add(new Merge(best.pair().left, best.pair().right, made));
    }
    return merges;
  }

  private void apply(Pair merged, int id) {
    // Only pairs with the new token can gain by the merge, and all of them are new.
    int firstMade = pairs.size();
    for (int i = 0; i < merged.words.size(); i++) {
      int word = merged.words.get(i);
      int[] before = words.get(word);
      int[] after = replace(before, merged, id);
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
      pairs.add(new Pair(left, right));
    }
    return number;
  }

  private static int[] replace(int[] symbols, Pair pair, int id) {
    IntList out = new IntList(symbols.length);
    for (int i = 0; i < symbols.length; i++) {
      if (i + 1 < symbols.length && symbols[i] == pair.left && symbols[i + 1] == pair.right) {
        out.add(id);
        i++;
      } else {
        out.add(symbols[i]);
      }
    }
    return out.toArray();
  }
}
