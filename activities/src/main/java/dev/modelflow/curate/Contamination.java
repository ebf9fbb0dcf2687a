package dev.modelflow.curate;

import dev.modelflow.text.Document;
import dev.modelflow.text.Prompt;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Documents that give away an evaluation question. A question's words are covered where a run of
 * eight words (all of them, if it has fewer) also stands in the document; a document is removed
 * when it covers enough of one question. Words are runs of letters or digits, and symbols. Source:
 * the overlap measure of Tülu 3's decontamination.
 *
 * <p>Made documents share their templates with questions by design: there only a whole question
 * counts.
 */
final class Contamination {
  static final String STEP = "contamination";
  private static final int RUN = 8;

  private record Place(int question, int position) {}

  private final List<Prompt> questions;
  private final double threshold;
  private final int[] lengths;
  private final Map<Integer, Map<Long, List<Place>>> places = new TreeMap<>();

  /**
   * An index of the questions.
   *
   * @param threshold least covered share of a question in real documents, above 0, at most 1
   */
  Contamination(List<Prompt> questions, double threshold) {
    this.questions = questions;
    this.threshold = threshold;
    this.lengths = new int[questions.size()];
    for (int i = 0; i < lengths.length; i++) {
      long[] words = words(questions.get(i).prompt());
      lengths[i] = words.length;
      int n = Math.min(RUN, words.length);
      if (n > 0) {
        index(i, n, Words.runs(words, n));
      }
    }
  }

  private void index(int question, int n, long[] runs) {
    Map<Long, List<Place>> byRun = places.computeIfAbsent(n, absent -> new HashMap<>());
    for (int position = 0; position < runs.length; position++) {
      byRun
          .computeIfAbsent(runs[position], absent -> new ArrayList<>())
          .add(new Place(question, position));
    }
  }

  /** Why the document must go, if it must: the question that it covers most. */
  Optional<Removal> check(Document document) {
    Map<Integer, BitSet> covered = covered(document);
    double least = document.metadata().containsKey(Curation.FORMAT) ? threshold : 1;
    int worst = -1;
    double most = 0;
    for (int question : new TreeSet<>(covered.keySet())) {
      double share = share(question, covered);
      if (share >= least && share > most) {
        worst = question;
        most = share;
      }
    }
    if (worst < 0) {
      return Optional.empty();
    }
    Prompt question = questions.get(worst);
    String evidence = evidence(question.prompt(), covered.getOrDefault(worst, new BitSet()));
    return Optional.of(
        Removal.of(document, STEP, "holds a question", most, question.id(), evidence));
  }

  private Map<Integer, BitSet> covered(Document document) {
    Map<Integer, BitSet> covered = new HashMap<>();
    long[] words = places.isEmpty() ? new long[0] : words(document.text());
    places.forEach(
        (n, byRun) -> {
          for (long run : Words.runs(words, n)) {
            for (Place place : byRun.getOrDefault(run, List.of())) {
              covered
                  .computeIfAbsent(place.question(), absent -> new BitSet())
                  .set(place.position(), place.position() + n);
            }
          }
        });
    return covered;
  }

  private double share(int question, Map<Integer, BitSet> covered) {
    return (double) covered.getOrDefault(question, new BitSet()).cardinality() / lengths[question];
  }

  private static long[] words(String text) {
    return Words.hashes(text, Words.spans(text, true));
  }

  /** The covered words of the question, gaps shown by an ellipsis. */
  private static String evidence(String question, BitSet covered) {
    List<Words.Span> spans = Words.spans(question, true);
    List<String> parts = new ArrayList<>();
    for (int from = covered.nextSetBit(0); from >= 0; ) {
      int to = covered.nextClearBit(from);
      parts.add(question.substring(spans.get(from).start(), spans.get(to - 1).end()));
      from = covered.nextSetBit(to);
    }
    return String.join(" … ", parts);
  }
}
