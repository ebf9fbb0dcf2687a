package dev.modelflow.engine.stage;

import dev.modelflow.domain.CanonicalJson;
import dev.modelflow.engine.evaluate.Score;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What an evaluation leaves: {@code evaluation.json} with its results, and {@code samples.json}
 * with what they are computed over, so that two evaluations of the same questions can be compared
 * question by question.
 */
final class EvaluationFiles {
  private final List<Map<String, Object>> results = new ArrayList<>();
  private final List<Map<String, Object>> samples = new ArrayList<>();

  /** Keeps a result. */
  void add(Score score) {
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("task", score.task());
    result.put("metric", score.metric());
    result.put("value", score.value());
    result.put("standardError", score.standardError());
    result.put("samples", score.samples());
    result.put("higherIsBetter", score.higherIsBetter());
    results.add(result);
  }

  /**
   * Keeps the samples of a result: their sum over the sum of their sizes is its value.
   *
   * @param sizes the same for whatever model is measured
   */
  void samples(Score score, List<Double> values, List<Double> sizes) {
    Map<String, Object> kept = new LinkedHashMap<>();
    kept.put("task", score.task());
    kept.put("metric", score.metric());
    kept.put("values", values);
    kept.put("sizes", sizes);
    samples.add(kept);
  }

  int count() {
    return results.size();
  }

  void write(Path folder) throws IOException {
    Files.writeString(
        folder.resolve("evaluation.json"), CanonicalJson.write(Map.of("results", results)) + "\n");
    Files.writeString(
        folder.resolve("samples.json"), CanonicalJson.write(Map.of("samples", samples)) + "\n");
  }
}
