package dev.modelflow.engine.stage;

import dev.modelflow.domain.FailureClass;
import dev.modelflow.engine.tensor.Precision;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A stage's parameters as the recipe gives them; what is missing or impossible is named. */
public final class Settings {
  private static final String PRECISION = "precision";

  private final String stage;
  private final JsonNode tree;

  /** The parameters of the stage of this name. */
  public Settings(String stage, JsonNode tree) {
    this.stage = stage;
    this.tree = tree;
  }

  /** Every key that is set. */
  public Set<String> keys() {
    return tree.properties().stream()
        .filter(entry -> !entry.getValue().isNull())
        .map(Map.Entry::getKey)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Whether the key is set. */
  public boolean has(String key) {
    return tree.hasNonNull(key);
  }

  /** Every number and text that is set, by its key. */
  public Map<String, Object> plain() {
    Map<String, Object> plain = new TreeMap<>();
    tree.properties()
        .forEach(
            entry -> {
              JsonNode value = entry.getValue();
              if (value.isNumber()) {
                plain.put(entry.getKey(), value.numberValue());
              } else if (value.isString()) {
                plain.put(entry.getKey(), value.asString());
              }
            });
    return plain;
  }

  /** The same with this number under {@code key}. */
  Settings with(String key, double value) {
    ObjectNode changed = (ObjectNode) tree.deepCopy();
    changed.put(key, value);
    return new Settings(stage, changed);
  }

  /** A whole number of at least {@code least}. */
  public int integer(String key, int least) {
    JsonNode value = required(key);
    if (!value.isIntegralNumber() || value.asLong() < least || value.asLong() > Integer.MAX_VALUE) {
      throw wrong(key, value, "a whole number of at least " + least);
    }
    return value.asInt();
  }

  /** A whole number of at least {@code least}; {@code otherwise} where it is not set. */
  public int integer(String key, int least, int otherwise) {
    return has(key) ? integer(key, least) : otherwise;
  }

  /** A finite number of at least {@code least}. */
  public double number(String key, double least) {
    JsonNode value = required(key);
    if (!value.isNumber() || !Double.isFinite(value.asDouble()) || value.asDouble() < least) {
      throw wrong(key, value, "a number of at least " + least);
    }
    return value.asDouble();
  }

  /** Yes or no; {@code otherwise} where it is not set. */
  public boolean flag(String key, boolean otherwise) {
    if (!has(key)) {
      return otherwise;
    }
    JsonNode value = required(key);
    if (!value.isBoolean()) {
      throw wrong(key, value, "true or false");
    }
    return value.asBoolean();
  }

  /** The block of this key, which must be set. */
  public Settings block(String key) {
    JsonNode value = required(key);
    if (!value.isObject()) {
      throw wrong(key, value, "a block of keys");
    }
    return new Settings(stage + "." + key, value);
  }

  /** A text that is not empty. */
  public String text(String key) {
    JsonNode value = required(key);
    if (!value.isString() || value.asString("").isEmpty()) {
      throw wrong(key, value, "a text");
    }
    return value.asString();
  }

  /** A list of blocks {@code name}, {@code sha256}: the digest of each name. */
  public Map<String, String> digests(String key) {
    Map<String, String> digests = new LinkedHashMap<>();
    for (JsonNode entry : required(key)) {
      String name = entry.path("name").asString("");
      String digest = entry.path("sha256").asString("");
      if (name.isEmpty() || digest.isEmpty()) {
        throw wrong(key, entry, "blocks of name and sha256");
      }
      digests.put(name, digest);
    }
    return digests;
  }

  /** One of the constants of an enum, in lower case. */
  public <E extends Enum<E>> E choice(String key, Class<E> type) {
    E[] all = type.getEnumConstants();
    JsonNode value = required(key);
    return Arrays.stream(all)
        .filter(constant -> word(constant).equals(value.asString("")))
        .findFirst()
        .orElseThrow(
            () ->
                wrong(
                    key,
                    value,
                    "one of "
                        + Arrays.stream(all)
                            .map(Settings::word)
                            .collect(Collectors.joining(", "))));
  }

  /** What linear layers multiply in; float32 where it is not set. */
  public Precision precision() {
    return has(PRECISION) ? choice(PRECISION, Precision.class) : Precision.FLOAT32;
  }

  /** A list of finite numbers above 0. */
  public List<Double> numbers(String key) {
    List<Double> numbers = new ArrayList<>();
    for (JsonNode value : required(key)) {
      if (!value.isNumber() || !(value.asDouble() > 0) || Double.isInfinite(value.asDouble())) {
        throw wrong(key, value, "numbers above 0");
      }
      numbers.add(value.asDouble());
    }
    return numbers;
  }

  /** A map of names to numbers of at least 0. */
  public Map<String, Double> weights(String key) {
    Map<String, Double> weights = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : required(key).properties()) {
      JsonNode value = entry.getValue();
      if (!value.isNumber() || !(value.asDouble() >= 0)) {
        throw wrong(key + "." + entry.getKey(), value, "a number of at least 0");
      }
      weights.put(entry.getKey(), value.asDouble());
    }
    return weights;
  }

  /** A failure of class recipe about one of the keys. */
  public StageFailure wrong(String key, Object value, String expected) {
    return new StageFailure(
        FailureClass.RECIPE, "stages.%s.%s is %s: use %s".formatted(stage, key, value, expected));
  }

  private JsonNode required(String key) {
    JsonNode value = tree.path(key);
    if (value.isMissingNode() || value.isNull()) {
      throw new StageFailure(
          FailureClass.RECIPE, "stages.%s.%s is missing: set it".formatted(stage, key));
    }
    return value;
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
