package dev.modelflow.recipe;

import dev.modelflow.domain.StageKind;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One stage as the recipe asks for it, every default filled in.
 *
 * @param name unique in the recipe
 * @param kind what it does
 * @param pool the task queue of the workers that may run it
 * @param seed of its random choices; null means the flow's
 * @param values every other key of the stage, wiring included, in table order: {@link Boolean},
 *     {@link Long}, {@link Double}, {@link String}, lists and maps
 */
public record StageSpec(
    String name, StageKind kind, String pool, @Nullable Long seed, Map<String, Object> values) {
  /** Copies the map, keeping its order. */
  public StageSpec {
    values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
  }

  /** The stage or checkpoint that wiring {@code key} names, if the recipe sets it. */
  public Optional<StageRef> reference(String key) {
    return values.get(key) instanceof String text
        ? Optional.of(StageRef.parse(text))
        : Optional.empty();
  }

  /** The stages and checkpoints that wiring {@code key} names: one, a list of them, or none. */
  public List<StageRef> references(String key) {
    return switch (values.get(key)) {
      case String text -> List.of(StageRef.parse(text));
      case List<?> list ->
          list.stream()
              .filter(String.class::isInstance)
              .map(text -> StageRef.parse((String) text))
              .toList();
      case null, default -> List.of();
    };
  }

  /** The number under {@code key}, if the stage has one. */
  public Optional<Number> number(String key) {
    return values.get(key) instanceof Number number ? Optional.of(number) : Optional.empty();
  }

  /** The number of ingredients whose mean is this stage's checkpoint; 0: it trains once. */
  public int ingredients() {
    return number(MergeFields.INGREDIENTS).map(Number::intValue).orElse(0);
  }

  /** The block under {@code key}; empty if the stage has none. */
  public Map<String, Object> block(String key) {
    Map<String, Object> block = new LinkedHashMap<>();
    if (values.get(key) instanceof Map<?, ?> map) {
      map.forEach((name, value) -> block.put(name.toString(), value));
    }
    return block;
  }
}
