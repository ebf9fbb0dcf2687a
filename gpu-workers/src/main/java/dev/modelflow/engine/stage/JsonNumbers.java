package dev.modelflow.engine.stage;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/** Numbers in JSON, which has none that are not finite: those stand there as texts. */
public final class JsonNumbers {
  /** What may stand where one is read, for a message. */
  public static final String EXPECTED = "expected a number, NaN, Infinity or -Infinity";

  private JsonNumbers() {}

  /** The number that stands here; null where something else does. */
  public static @Nullable Double of(JsonNode value) {
    if (value.isNumber()) {
      return value.asDouble();
    }
    return switch (value.asString("")) {
      case "NaN" -> Double.NaN;
      case "Infinity" -> Double.POSITIVE_INFINITY;
      case "-Infinity" -> Double.NEGATIVE_INFINITY;
      default -> null;
    };
  }

  /** Adds a number so that {@link #of} reads it again. */
  static void add(double value, ArrayNode to) {
    if (Double.isFinite(value)) {
      to.add(value);
    } else {
      to.add(Double.toString(value));
    }
  }
}
