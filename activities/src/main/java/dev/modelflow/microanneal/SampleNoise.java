package dev.modelflow.microanneal;

import dev.modelflow.microanneal.Measurement.Measure;
import dev.modelflow.microanneal.Measurement.Samples;
import dev.modelflow.microanneal.Measurement.Score;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How much a change would differ had other questions been asked or other documents been read. Where
 * the evaluations kept their samples, each is compared with itself after the other training, since
 * a hard question is hard for both; else the two evaluations count as independent.
 */
final class SampleNoise {
  private SampleNoise() {}

  /** One part for each measure, of the mean over all of them. */
  static List<Noise.Part> parts(
      List<Measurement> web, List<Measurement> anneals, List<Measure> measures) {
    List<Noise.Part> parts = new ArrayList<>();
    double share = 1.0 / measures.size();
    for (Measure measure : measures) {
      Noise.@Nullable Part part = part(web, anneals, measure);
      if (part != null) {
        parts.add(new Noise.Part(share * share * part.variance(), part.freedom()));
      }
    }
    return parts;
  }

  private static Noise.@Nullable Part part(
      List<Measurement> web, List<Measurement> anneals, Measure measure) {
    List<Double> sizes = sizes(web, anneals, measure);
    if (sizes.size() > 1) {
      return paired(mean(web, measure, sizes.size()), mean(anneals, measure, sizes.size()), sizes);
    }
    int samples = web.getFirst().score(measure).samples();
    return samples > 1
        ? new Noise.Part(variance(web, measure) + variance(anneals, measure), samples - 1.0)
        : null;
  }

  /** The sizes of the samples that all evaluations share; none where they differ or were lost. */
  private static List<Double> sizes(
      List<Measurement> web, List<Measurement> anneals, Measure measure) {
    List<Measurement> all = new ArrayList<>(web);
    all.addAll(anneals);
    Samples first = web.getFirst().samplesOf(measure);
    for (Measurement each : all) {
      Samples samples = each.samplesOf(measure);
      if (first == null || samples == null || !samples.sizes().equals(first.sizes())) {
        return List.of();
      }
    }
    return first == null ? List.of() : first.sizes();
  }

  /** Of each sample the mean over seeds. */
  private static double[] mean(List<Measurement> anneals, Measure measure, int samples) {
    double[] mean = new double[samples];
    for (Measurement anneal : anneals) {
      Samples one = anneal.samplesOf(measure);
      for (int i = 0; one != null && i < samples; i++) {
        mean[i] += one.values().get(i) / anneals.size();
      }
    }
    return mean;
  }

  /** The variance of a ratio of sums over samples, by linearisation. */
  private static Noise.Part paired(double[] before, double[] after, List<Double> sizes) {
    int n = sizes.size();
    double size = 0;
    double sum = 0;
    for (int i = 0; i < n; i++) {
      size += sizes.get(i);
      sum += after[i] - before[i];
    }
    double change = sum / size;
    double squares = 0;
    for (int i = 0; i < n; i++) {
      double rest = after[i] - before[i] - change * sizes.get(i);
      squares += rest * rest;
    }
    return new Noise.Part(squares * n / (n - 1) / (size * size), n - 1.0);
  }

  private static double variance(List<Measurement> anneals, Measure measure) {
    double sum = 0;
    for (Measurement anneal : anneals) {
      Score score = anneal.score(measure);
      sum += score.standardError() * score.standardError();
    }
    return sum / anneals.size();
  }
}
