package dev.modelflow.recipe;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Changes single keys of a recipe's plain tree. */
final class Overrides {
  private static final List<String> BLOCKS = List.of("model", "evaluate");

  private Overrides() {}

  /**
   * A copy of {@code tree} with the overrides in place.
   *
   * @throws RecipeException when a key names no stage or block of the recipe
   */
  static Tree apply(
      Map<String, @Nullable Object> tree, Map<String, ? extends @Nullable Object> overrides) {
    Problems problems = new Problems("override");
    Map<String, @Nullable Object> copy = copy(tree);
    overrides.forEach((key, value) -> set(copy, key, value, problems));
    problems.throwIfAny();
    return Tree.of(copy);
  }

  private static void set(
      Map<String, @Nullable Object> tree, String key, @Nullable Object value, Problems problems) {
    String shortKey = key.startsWith("stages.") ? key.substring("stages.".length()) : key;
    List<String> path = List.of(shortKey.split("\\.", -1));
    Map<String, @Nullable Object> block = tree;
    if (path.size() > 1) {
      Map<String, @Nullable Object> stages = child(tree, "stages");
      String first = path.getFirst();
      if (stages.containsKey(first)) {
        block = child(stages, first);
      } else if (tree.containsKey(first) && BLOCKS.contains(first)) {
        block = child(tree, first);
      } else {
        problems.add(
            Position.NONE,
            key,
            "'%s' is no stage: expected STAGE.KEY with one of %s"
                .formatted(first, String.join(", ", stages.keySet())),
            first,
            stages.keySet());
        return;
      }
    }
    for (String step : path.subList(path.size() > 1 ? 1 : 0, path.size() - 1)) {
      block = child(block, step);
    }
    put(block, path.getLast(), value);
  }

  private static void put(Map<String, @Nullable Object> block, String key, @Nullable Object value) {
    Object plain = value instanceof String text ? TreeReader.typed(text) : value;
    if (plain == null) {
      block.remove(key);
    } else {
      block.put(key, plain);
    }
  }

  /** The block under {@code key}, which is made where it is missing or is something else. */
  private static Map<String, @Nullable Object> child(
      Map<String, @Nullable Object> parent, String key) {
    Map<String, @Nullable Object> block =
        parent.get(key) instanceof Map<?, ?> map ? copy(map) : new LinkedHashMap<>();
    parent.put(key, block);
    return block;
  }

  private static Map<String, @Nullable Object> copy(Map<?, ?> map) {
    Map<String, @Nullable Object> copy = new LinkedHashMap<>();
    map.forEach((key, value) -> copy.put(key.toString(), value));
    return copy;
  }
}
