package dev.modelflow.engine.preference;

import dev.modelflow.engine.data.PackedAnswers;
import dev.modelflow.engine.data.PackedRows;
import dev.modelflow.engine.data.Sequence;
import dev.modelflow.engine.learn.Scorer;
import dev.modelflow.engine.question.Asker;
import java.util.ArrayList;
import java.util.List;

/** Mean log-probabilities of the answers of pairs under fixed weights. */
public final class PreferenceScorer {
  private static final int PAIRS_AT_ONCE = 16;

  /** Mean log-probability of a pair's answers. */
  public record Scores(double chosen, double rejected) {
    /** How much likelier the chosen answer is, per token. */
    public double margin() {
      return chosen - rejected;
    }
  }

  private PreferenceScorer() {}

  /** For each pair two sequences, the chosen answer's first. */
  public static List<Sequence> sequences(Asker asker, List<Preference> pairs) {
    List<Sequence> sequences = new ArrayList<>();
    for (Preference pair : pairs) {
      int[] prompt = asker.chat(pair.prompt());
      sequences.add(PackedAnswers.sequence(prompt, asker.answer(pair.chosen())));
      sequences.add(
          PackedAnswers.sequence(prompt, asker.answer(pair.rejected(), pair.rejectedEnded())));
    }
    return sequences;
  }

  /**
   * Scores each pair.
   *
   * @param sequences two for each pair, the chosen answer's first
   */
  public static List<Scores> score(Scorer scorer, List<Sequence> sequences, int rowLength) {
    List<PackedAnswers> parts = new ArrayList<>();
    for (int from = 0; from < sequences.size(); from += 2 * PAIRS_AT_ONCE) {
      int to = Math.min(sequences.size(), from + 2 * PAIRS_AT_ONCE);
      parts.add(PackedAnswers.of(sequences.subList(from, to), rowLength));
    }
    List<PackedRows> rows = parts.stream().map(PackedAnswers::rows).toList();
    List<float[]> logProbs = scorer.logProbs(rows);
    List<Scores> scores = new ArrayList<>();
    for (int part = 0; part < parts.size(); part++) {
      double[] means = parts.get(part).means(logProbs.get(part));
      for (int i = 0; i < means.length; i += 2) {
        scores.add(new Scores(means[i], means[i + 1]));
      }
    }
    return scores;
  }
}
