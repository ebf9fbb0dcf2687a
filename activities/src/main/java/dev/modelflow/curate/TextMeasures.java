package dev.modelflow.curate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** What the quality rules look at, measured on one text. */
final class TextMeasures {
  private static final Set<String> STOP_WORDS =
      Set.of("the", "be", "to", "of", "and", "that", "have", "with");

  private final String text;
  private final String[] words;
  private final List<String> lines;
  private final long[] hashes;

  TextMeasures(String text) {
    this.text = text;
    this.words = words(text);
    this.lines = text.lines().filter(line -> !line.isBlank()).toList();
    this.hashes = Arrays.stream(words).mapToLong(StableHash::of).toArray();
  }

  double words() {
    return words.length;
  }

  double meanWordLength() {
    return mean(Arrays.stream(words).mapToLong(String::length).sum(), words.length);
  }

  /** Share of the words with a letter. */
  double alphabeticWords() {
    long count =
        Arrays.stream(words)
            .filter(word -> word.codePoints().anyMatch(Character::isLetter))
            .count();
    return mean(count, words.length);
  }

  double alphabeticCharacters() {
    return mean(text.codePoints().filter(Character::isLetter).count(), text.length());
  }

  /** How many stop words there are, each time counted. */
  double stopWords() {
    return Arrays.stream(words)
        .filter(word -> STOP_WORDS.contains(word.toLowerCase(Locale.ROOT)))
        .count();
  }

  double linesEndingASentence() {
    long count =
        lines.stream()
            .filter(line -> ".!?:;\"".indexOf(line.strip().charAt(line.strip().length() - 1)) >= 0)
            .count();
    return mean(count, lines.size());
  }

  double duplicateLines() {
    return mean(lines.size() - new HashSet<>(lines).size(), lines.size());
  }

  double meanLineLength() {
    return mean(lines.stream().mapToLong(String::length).sum(), lines.size());
  }

  double longestLine() {
    return lines.stream().mapToInt(String::length).max().orElse(0);
  }

  /** The share of the words that belong to the most frequent run of {@code n} words. */
  double mostFrequentRun(int n) {
    long[] runs = sortedRuns(n);
    int most = 0;
    int start = 0;
    for (int end = 1; end <= runs.length; end++) {
      if (end == runs.length || runs[end] != runs[start]) {
        most = Math.max(most, end - start);
        start = end;
      }
    }
    return most < 2 ? 0 : Math.min(1, mean((long) most * n, words.length));
  }

  /** The share of the runs of {@code n} words that stand elsewhere in the text too. */
  double repeatedRuns(int n) {
    long[] runs = sortedRuns(n);
    int repeated = 0;
    for (int i = 1; i < runs.length; i++) {
      repeated += runs[i] == runs[i - 1] ? 1 : 0;
    }
    return mean(repeated, runs.length);
  }

  private static String[] words(String text) {
    List<String> words = new ArrayList<>();
    int start = 0;
    for (int i = 0; i <= text.length(); i++) {
      if (i == text.length() || Character.isWhitespace(text.charAt(i))) {
        if (i > start) {
          words.add(text.substring(start, i));
        }
        start = i + 1;
      }
    }
    return words.toArray(String[]::new);
  }

  private long[] sortedRuns(int n) {
    long[] runs = Words.runs(hashes, n);
    Arrays.sort(runs);
    return runs;
  }

  private static double mean(long sum, int count) {
    return count == 0 ? 0 : (double) sum / count;
  }
}
