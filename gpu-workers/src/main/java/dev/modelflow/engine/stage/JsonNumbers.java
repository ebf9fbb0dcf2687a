package dev.modelflow.engine.stage;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/** Numbers in JSON, which has none that are not finite: those stand there as texts. */
public final class JsonNumbers {
  private JsonNumbers() {}

  /** The number that stands here; one that is not finite as {@code NaN} or {@code Infinity}. */
  public static double of(JsonNode value) {
    return value.isString() ? Double.parseDouble(value.asString()) : value.asDouble();
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
