package dev.modelflow.engine.data;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Prompts with answers, packed into rows, where only the answers are scored. Knows which answer
 * each score belongs to.
 */
public final class PackedAnswers {
  private final PackedRows rows;
  private final int[] owners;
  private final int[] lengths;

  private PackedAnswers(PackedRows rows, int[] owners, int[] lengths) {
    this.rows = rows;
    this.owners = owners;
    this.lengths = lengths;
  }

  /** A prompt and its answer; every token of the answer is a target. */
  public static Sequence sequence(int[] prompt, int[] answer) {
    int length = prompt.length + answer.length - 1;
    int[] tokens = new int[length];
    int[] targets = new int[length];
    for (int i = 0; i < length; i++) {
      tokens[i] = i < prompt.length ? prompt[i] : answer[i - prompt.length];
      int said = i + 1 - prompt.length;
      targets[i] = said < 0 ? PackedRows.NO_TARGET : answer[said];
    }
    return new Sequence(tokens, targets);
  }

  /** Packs the sequences best fit into rows of {@code rowLength}, or of the longest sequence. */
  public static PackedAnswers of(List<Sequence> sequences, int rowLength) {
    int longest = sequences.stream().mapToInt(Sequence::length).max().orElse(1);
    int length = Math.max(longest, rowLength);
    List<Integer> all = IntStream.range(0, sequences.size()).boxed().toList();
    List<List<Integer>> packed =
        BestFitPacker.pack(all, length, index -> sequences.get(index).length());
    List<List<Sequence>> rows = new ArrayList<>();
    packed.forEach(row -> rows.add(row.stream().map(sequences::get).toList()));
    int[] lengths = sequences.stream().mapToInt(Sequence::targetCount).toArray();
    int[] owners =
        packed.stream()
            .flatMap(List::stream)
            .mapToInt(Integer::intValue)
            .flatMap(index -> IntStream.generate(() -> index).limit(lengths[index]))
            .toArray();
    return new PackedAnswers(PackedRows.of(rows, length), owners, lengths);
  }

  /**
   * Whether every {@code each} neighbouring sequences make rows of at most {@code tokens} tokens,
   * padding among them, or a single row.
   */
  public static boolean fit(List<Sequence> sequences, int each, int rowLength, int tokens) {
    for (int from = 0; from < sequences.size(); from += each) {
      int to = Math.min(sequences.size(), from + each);
      PackedRows rows = of(sequences.subList(from, to), rowLength).rows();
      if (rows.rows() > PackedRows.within(tokens, rows.length())) {
        return false;
      }
    }
    return true;
  }

  /** The rows. */
  public PackedRows rows() {
    return rows;
  }

  /** Index of the sequence that the i-th score belongs to; a sequence's scores are neighbours. */
  public int owner(int score) {
    return owners[score];
  }

  /** Scores of all sequences together. */
  public int scores() {
    return owners.length;
  }

  /** Number of scores of one sequence. */
  public int length(int sequence) {
    return lengths[sequence];
  }

  /** For each sequence the mean of its scores. */
  public double[] means(float[] scores) {
    double[] means = new double[lengths.length];
    for (int i = 0; i < scores.length; i++) {
      means[owners[i]] += scores[i];
    }
    for (int i = 0; i < means.length; i++) {
      means[i] /= Math.max(1, lengths[i]);
    }
    return means;
  }
}
