package dev.modelflow.engine.checkpoint;

import java.util.List;
import tools.jackson.databind.JsonNode;

/** The keys of a {@code config.json}; each refusal names the key, its value and what would do. */
final class ConfigKeys {
  private final JsonNode config;

  ConfigKeys(JsonNode config) {
    this.config = config;
  }

  /** A whole number of at least 1. */
  int whole(String key) {
    JsonNode value = config.path(key);
    if (!value.isIntegralNumber() || value.asLong() < 1 || value.asLong() > Integer.MAX_VALUE) {
      throw wrong(key, "a whole number of at least 1");
    }
    return value.asInt();
  }

  /** The same, or {@code otherwise} where the key is missing or null. */
  int whole(String key, int otherwise) {
    return config.hasNonNull(key) ? whole(key) : otherwise;
  }

  /** A finite number. */
  double number(String key) {
    JsonNode value = config.path(key);
    if (!value.isNumber() || !Double.isFinite(value.asDouble())) {
      throw wrong(key, "a number");
    }
    return value.asDouble();
  }

  /** The same, or {@code otherwise} where the key is missing or null. */
  double number(String key, double otherwise) {
    return config.hasNonNull(key) ? number(key) : otherwise;
  }

  String text(String key) {
    return config.path(key).asString("");
  }

  /** The texts of a list; none where the key is missing or null. */
  List<String> texts(String key) {
    return config.path(key).valueStream().map(value -> value.asString("")).toList();
  }

  void requireText(String key, List<String> known) {
    if (!known.contains(text(key))) {
      throw wrong(key, String.join(" or ", known));
    }
  }

  void requireIfSet(String key, boolean wanted) {
    if (config.hasNonNull(key) && config.path(key).asBoolean(!wanted) != wanted) {
      throw wrong(key, String.valueOf(wanted));
    }
  }

  void requireNumber(String key, double wanted) {
    if (number(key) != wanted) {
      throw wrong(key, "%s, which is what this engine computes with".formatted(wanted));
    }
  }

  /** Like {@link #requireNumber} where the key is set. */
  void requireNumberIfSet(String key, double wanted) {
    if (config.hasNonNull(key) && Math.abs(number(key) - wanted) > 1e-9 * wanted) {
      throw wrong(key, "%s, which is what this engine computes with".formatted(wanted));
    }
  }

  private IllegalArgumentException wrong(String key, String wanted) {
    JsonNode value = config.path(key);
    return new IllegalArgumentException(
        value.isMissingNode()
            ? "config.json has no %s: expected %s".formatted(key, wanted)
            : "config.json has %s %s: expected %s".formatted(key, value, wanted));
  }
}
