package dev.modelflow.microanneal;

import dev.modelflow.domain.FailureClass;
import dev.modelflow.domain.Ranking;
import dev.modelflow.domain.Ranking.Candidate;
import dev.modelflow.domain.Ranking.Change;
import dev.modelflow.domain.Verdict;
import dev.modelflow.microanneal.Measurement.Measure;
import dev.modelflow.microanneal.Measurement.Score;
import dev.modelflow.worker.StageFailedException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Compares candidates with the web alone. A change has two noises: another seed, which trains on
 * other rows, and other questions than those that were asked. The first is pooled over all
 * candidates and the web, as Dunnett does for several treatments with one control; the second is
 * taken over the samples, each candidate's beside the web's. The confidence holds for all
 * candidates of a report together (Bonferroni).
 */
final class Ranker {
  private static final double CONFIDENCE = 0.95;

  /** The measures that rank; others, such as the form of answers, are only shown. */
  private static final List<String> METRICS = List.of("accuracy", "bitsPerByte");

  /** A yardstick that no training changes. */
  private static final Set<String> HIDDEN = Set.of("unigramBitsPerByte");

  private final List<Measurement> web;
  private final Map<String, List<Measurement>> candidates;

  Ranker(List<Measurement> web, Map<String, List<Measurement>> candidates) {
    this.web = web;
    this.candidates = candidates;
  }

  Ranking rank(List<String> rankBy) {
    List<Measure> overall = rankBy.stream().map(this::measure).toList();
    List<Candidate> ranked = new ArrayList<>();
    candidates.forEach(
        (name, anneals) ->
            ranked.add(
                new Candidate(
                    name,
                    change(anneals, overall),
                    shown().stream().map(measure -> change(anneals, List.of(measure))).toList())));
    ranked.sort(
        Comparator.comparingDouble((Candidate candidate) -> -candidate.overall().gain())
            .thenComparing(Candidate::candidate));
    return new Ranking(rankBy, web.size(), CONFIDENCE, ranked);
  }

  private Measure measure(String task) {
    return METRICS.stream()
        .map(metric -> new Measure(task, metric))
        .filter(web.getFirst().scores()::containsKey)
        .findFirst()
        .orElseThrow(
            () ->
                new StageFailedException(
                    FailureClass.RECIPE,
                    "The evaluations measure no task '%s': rank by one of %s"
                        .formatted(
                            task,
                            String.join(
                                ", ",
                                web.getFirst().scores().keySet().stream()
                                    .map(Measure::task)
                                    .distinct()
                                    .sorted()
                                    .toList()))));
  }

  private List<Measure> shown() {
    return web.getFirst().scores().keySet().stream()
        .filter(measure -> !HIDDEN.contains(measure.metric()))
        .sorted(Comparator.comparing(Measure::task).thenComparing(Measure::metric))
        .toList();
  }

  private Change change(List<Measurement> anneals, List<Measure> measures) {
    Score kind = web.getFirst().score(measures.getFirst());
    double before = mean(values(web, measures));
    double after = mean(values(anneals, measures));
    double change = after - before;
    Noise noise = noise(anneals, measures);
    Double width =
        noise.isKnown() ? noise.halfWidth(1 - (1 - CONFIDENCE) / candidates.size()) : null;
    return new Change(
        String.join("+", measures.stream().map(Measure::task).toList()),
        measures.getFirst().metric(),
        kind.higherIsBetter(),
        before,
        after,
        change,
        noise.standardError(),
        width,
        width == null || Math.abs(change) <= width
            ? Verdict.UNDECIDED
            : change > 0 == kind.higherIsBetter() ? Verdict.BETTER : Verdict.WORSE);
  }

  private Noise noise(List<Measurement> anneals, List<Measure> measures) {
    List<Noise.Part> parts = new ArrayList<>();
    if (web.size() > 1) {
      parts.add(seeds(measures));
    }
    parts.addAll(SampleNoise.parts(web, anneals, measures));
    return new Noise(parts);
  }

  /** The difference of two means over seeds, each anneal scattering alike around its own mean. */
  private Noise.Part seeds(List<Measure> measures) {
    double squares = squares(values(web, measures));
    for (List<Measurement> anneals : candidates.values()) {
      squares += squares(values(anneals, measures));
    }
    double freedom = (candidates.size() + 1.0) * (web.size() - 1);
    return new Noise.Part(2 * squares / freedom / web.size(), freedom);
  }

  /** The mean over the measures, of each anneal. */
  private static double[] values(List<Measurement> anneals, List<Measure> measures) {
    return anneals.stream()
        .mapToDouble(
            anneal -> mean(measures.stream().mapToDouble(it -> anneal.score(it).value()).toArray()))
        .toArray();
  }

  private static double squares(double[] values) {
    double mean = mean(values);
    double squares = 0;
    for (double value : values) {
      squares += (value - mean) * (value - mean);
    }
    return squares;
  }

  private static double mean(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum / values.length;
  }
}
