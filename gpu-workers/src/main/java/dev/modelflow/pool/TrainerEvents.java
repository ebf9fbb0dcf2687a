package dev.modelflow.pool;

import dev.modelflow.domain.FailureClass;
import dev.modelflow.ledger.Evaluation;
import dev.modelflow.ledger.Events;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads a trainer's events. Never fails: what is no event of the contract is {@code Unknown}. */
final class TrainerEvents {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private TrainerEvents() {}

  static TrainerEvent parse(String line) {
    try {
      JsonNode node = JSON.readTree(line);
      return node != null && node.isObject() ? parse(node, line) : new TrainerEvent.Unknown(line);
    } catch (JacksonException notJson) {
      return new TrainerEvent.Unknown(line);
    }
  }

  private static TrainerEvent parse(JsonNode node, String line) {
    return switch (node.path("event").asString("")) {
      case "started" -> new TrainerEvent.Started(step(node), whole(node, "totalSteps"));
      case "progress" ->
          new TrainerEvent.Progress(
              step(node), whole(node, "totalSteps"), finite(node.path("tokensPerSecond")));
      case "metrics" -> new TrainerEvent.Metrics(step(node), numbers(node.path("values")));
      case "checkpoint" ->
          new TrainerEvent.Checkpoint(
              step(node), node.path("tokens").asLong(0), node.path("path").asString(""));
      case "evaluation" -> new TrainerEvent.Evaluated(evaluation(node));
      case "log" ->
          new TrainerEvent.Log(
              Events.Level.of(node.path("level").asString("")), node.path("message").asString(""));
      case "done" -> new TrainerEvent.Done(outputs(node.path("outputs")));
      case "stopped" -> new TrainerEvent.Stopped(step(node));
      case "failed" ->
          new TrainerEvent.Failed(
              failureClass(node.path("class").asString("")), node.path("message").asString(""));
      default -> new TrainerEvent.Unknown(line);
    };
  }

  private static long step(JsonNode node) {
    return node.path("step").asLong(0);
  }

  private static @Nullable Long whole(JsonNode node, String key) {
    JsonNode value = node.path(key);
    return value.isNumber() ? Long.valueOf(value.asLong()) : null;
  }

  private static @Nullable Double finite(JsonNode value) {
    return value.isNumber() && Double.isFinite(value.asDouble())
        ? Double.valueOf(value.asDouble())
        : null;
  }

  private static Map<String, Double> numbers(JsonNode values) {
    Map<String, Double> numbers = new LinkedHashMap<>();
    values
        .properties()
        .forEach(
            entry -> {
              Double value = finite(entry.getValue());
              if (value != null) {
                numbers.put(entry.getKey(), value);
              }
            });
    return numbers;
  }

  private static Evaluation evaluation(JsonNode node) {
    return new Evaluation(
        node.path("task").asString(""),
        node.path("metric").asString(""),
        node.path("value").asDouble(0),
        node.path("standardError").asDouble(0),
        node.path("samples").asInt(0),
        node.path("higherIsBetter").asBoolean(true));
  }

  private static Map<String, TrainerEvent.Output> outputs(JsonNode node) {
    Map<String, TrainerEvent.Output> outputs = new LinkedHashMap<>();
    node.properties()
        .forEach(
            entry -> {
              JsonNode output = entry.getValue();
              Map<String, String> properties = new LinkedHashMap<>();
              output
                  .path("properties")
                  .properties()
                  .forEach(fact -> properties.put(fact.getKey(), fact.getValue().asString("")));
              outputs.put(
                  entry.getKey(),
                  new TrainerEvent.Output(
                      output.path("kind").asString(""),
                      output.path("path").asString(""),
                      properties));
            });
    return outputs;
  }

  private static FailureClass failureClass(String word) {
    for (FailureClass candidate : FailureClass.values()) {
      if (candidate.word().equals(word)) {
        return candidate;
      }
    }
    return FailureClass.PLATFORM;
  }
}
