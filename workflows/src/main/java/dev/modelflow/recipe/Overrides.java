package dev.modelflow.recipe;

import dev.modelflow.domain.StageKind;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Changes single keys of a recipe's tree, as if its text had been edited. */
final class Overrides {
  private static final List<String> BLOCKS = List.of("model", "evaluate");

  private Overrides() {}

  /**
   * The tree with the overrides in place; what they touch stands in no text.
   *
   * @throws RecipeException when a key names no stage or block of the recipe
   */
  static Tree apply(Tree tree, Map<String, ? extends @Nullable Object> overrides) {
    Problems problems = new Problems("override");
    Tree changed = tree;
    for (Map.Entry<String, ? extends @Nullable Object> override : overrides.entrySet()) {
      List<String> path = path(changed, override.getKey(), problems);
      if (!path.isEmpty()) {
        boolean preset = path.size() > 1 && path.getLast().equals(Presets.KEY);
        Tree before = preset ? withoutPreset(changed, path) : changed;
        changed = changed(before, path, value(override.getValue()));
      }
    }
    problems.throwIfAny();
    return changed;
  }

  /** The way to the key from the recipe's top, empty after recording that there is none. */
  private static List<String> path(Tree tree, String key, Problems problems) {
    String shortKey = key.startsWith("stages.") ? key.substring("stages.".length()) : key;
    List<String> path = List.of(shortKey.split("\\.", -1));
    String first = path.getFirst();
    Map<String, Tree.Entry> stages = entries(below(tree, "stages"));
    if (path.size() > 1 && stages.containsKey(first)) {
      return Stream.concat(Stream.of("stages"), path.stream()).toList();
    }
    if (path.size() == 1 || (BLOCKS.contains(first) && entries(tree).containsKey(first))) {
      return path;
    }
    problems.add(
        Position.NONE,
        key,
        "'%s' is no stage: expected STAGE.KEY with one of %s"
            .formatted(first, String.join(", ", stages.keySet())),
        first,
        stages.keySet());
    return List.of();
  }

  private static @Nullable Tree value(@Nullable Object value) {
    Tree tree = value instanceof String text ? TreeReader.typed(text) : Tree.of(value);
    return tree instanceof Tree.Scalar scalar && scalar.value() == null ? null : tree;
  }

  /** A block is made where it is missing or is something else; no value takes the key away. */
  private static Tree changed(@Nullable Tree tree, List<String> path, @Nullable Tree value) {
    Map<String, Tree.Entry> entries = new LinkedHashMap<>(entries(tree));
    String key = path.getFirst();
    Tree.Entry before = entries.get(key);
    if (path.size() > 1) {
      Tree block =
          changed(before == null ? null : before.value(), path.subList(1, path.size()), value);
      entries.put(key, new Tree.Entry(before == null ? Position.NONE : before.keyAt(), block));
    } else if (value == null) {
      entries.remove(key);
    } else {
      entries.put(key, new Tree.Entry(Position.NONE, value));
    }
    return new Tree.Mapping(entries, tree == null ? Position.NONE : tree.at());
  }

  /** The tree, the stage of this path without the values of the preset that it had so far. */
  private static Tree withoutPreset(Tree tree, List<String> path) {
    List<String> block = path.subList(0, path.size() - 1);
    Tree stage = tree;
    for (String key : block) {
      stage = below(stage, key);
      if (stage == null) {
        return tree;
      }
    }
    Map<String, Tree.Entry> entries = entries(stage);
    String word = entries.containsKey("kind") ? scalar(entries.get("kind")) : block.getLast();
    for (StageKind kind : StageKind.values()) {
      if (kind.word().equals(word)) {
        Tree rest = new Tree.Mapping(Presets.withdraw(kind, entries), stage.at());
        return changed(tree, block, rest);
      }
    }
    return tree;
  }

  private static String scalar(Tree.Entry entry) {
    return entry.value() instanceof Tree.Scalar scalar ? scalar.text() : "";
  }

  private static @Nullable Tree below(Tree tree, String key) {
    Tree.Entry entry = entries(tree).get(key);
    return entry == null ? null : entry.value();
  }

  private static Map<String, Tree.Entry> entries(@Nullable Tree tree) {
    return tree instanceof Tree.Mapping mapping ? mapping.entries() : Map.of();
  }
}
