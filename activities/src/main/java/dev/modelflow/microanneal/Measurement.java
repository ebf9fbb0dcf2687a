package dev.modelflow.microanneal;

import dev.modelflow.domain.FailureClass;
import dev.modelflow.text.Json;
import dev.modelflow.worker.StageFailedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One evaluation as its artifact holds it.
 *
 * @param name what messages call it
 * @param scores by what was measured
 * @param samples of the same, where the evaluation kept them
 */
record Measurement(String name, Map<Measure, Score> scores, Map<Measure, Samples> samples) {
  private static final String SCORES = "evaluation.json";
  private static final String SAMPLES = "samples.json";

  /** What was measured. */
  record Measure(String task, String metric) {}

  /** A value with its standard error over samples. */
  record Score(double value, double standardError, int samples, boolean higherIsBetter) {}

  /** The samples whose sum over the sum of their sizes is the value; the same ones in each. */
  record Samples(List<Double> values, List<Double> sizes) {}

  static Measurement read(String name, Path folder) {
    Map<Measure, Score> scores = new LinkedHashMap<>();
    for (JsonNode result : Json.read(folder.resolve(SCORES)).path("results")) {
      scores.put(
          measure(result),
          new Score(
              result.path("value").asDouble(),
              result.path("standardError").asDouble(),
              result.path("samples").asInt(),
              result.path("higherIsBetter").asBoolean()));
    }
    Map<Measure, Samples> samples = new LinkedHashMap<>();
    if (Files.exists(folder.resolve(SAMPLES))) {
      for (JsonNode each : Json.read(folder.resolve(SAMPLES)).path("samples")) {
        samples.put(
            measure(each), new Samples(numbers(each.path("values")), numbers(each.path("sizes"))));
      }
    }
    return new Measurement(name, scores, samples);
  }

  private static Measure measure(JsonNode node) {
    return new Measure(node.path("task").asString(""), node.path("metric").asString(""));
  }

  private static List<Double> numbers(JsonNode list) {
    List<Double> numbers = new ArrayList<>();
    list.forEach(number -> numbers.add(number.asDouble()));
    return numbers;
  }

  Score score(Measure measure) {
    Score score = scores.get(measure);
    if (score == null) {
      throw new StageFailedException(
          FailureClass.RECIPE,
          "%s has no %s of task '%s': rank by tasks that every evaluation measures"
              .formatted(name, measure.metric(), measure.task()));
    }
    return score;
  }

  @Nullable Samples samplesOf(Measure measure) {
    return samples.get(measure);
  }
}
