package dev.modelflow.recipe;

import dev.modelflow.domain.CanonicalJson;
import dev.modelflow.domain.StageKind;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Named settings that stand in the place of keys which a stage does not have itself. */
final class Presets {
  static final String KEY = "preset";

  private static final Map<StageKind, Map<String, Map<String, Object>>> ALL =
      new EnumMap<>(StageKind.class);

  static {
    for (StageKind kind : StageKind.values()) {
      ALL.put(kind, Olmo3Presets.of(kind));
    }
  }

  private Presets() {}

  /** The presets of a kind with the keys that each sets, in order. */
  static Map<String, Map<String, Object>> of(StageKind kind) {
    return ALL.getOrDefault(kind, Map.of());
  }

  /** The key that names one, for kinds that have any. */
  static List<Field> field(StageKind kind) {
    if (of(kind).isEmpty()) {
      return List.of();
    }
    return List.of(
        RecipeFields.optional(
            KEY,
            new FieldType.Choice(List.copyOf(of(kind).keySet())),
            "Published settings that hold for every key which the stage does not have itself; see"
                + " presets.md."));
  }

  /** Every key that some preset of the kind sets. */
  static Set<String> keys(StageKind kind) {
    Set<String> keys = new TreeSet<>();
    of(kind).values().forEach(preset -> keys.addAll(preset.keySet()));
    return keys;
  }

  /** A stage's entries and those of the preset that they name, where it is one. */
  static Map<String, Tree.Entry> fill(StageKind kind, Map<String, Tree.Entry> entries) {
    Map<String, Tree.Entry> filled = new LinkedHashMap<>(entries);
    Position at = position(entries);
    name(entries)
        .map(of(kind)::get)
        .ifPresent(
            preset ->
                preset.forEach(
                    (key, value) -> {
                      if (!has(entries, key) && !has(entries, ScheduleFields.rival(key))) {
                        filled.put(key, new Tree.Entry(at, Tree.of(value)));
                      }
                    }));
    return filled;
  }

  /**
   * A stage's entries without what the preset that they name would set alike. A resolved recipe
   * does not say which values came from a preset, so a key of the stage's own with the preset's
   * value goes too.
   */
  static Map<String, Tree.Entry> withdraw(StageKind kind, Map<String, Tree.Entry> entries) {
    Map<String, Tree.Entry> rest = new LinkedHashMap<>(entries);
    name(entries)
        .map(of(kind)::get)
        .ifPresent(
            preset ->
                rest.entrySet().removeIf(it -> isAsIn(preset, it.getKey(), it.getValue().value())));
    return rest;
  }

  private static boolean isAsIn(Map<String, Object> preset, String key, Tree value) {
    Object published = preset.get(key);
    return published != null
        && CanonicalJson.write(published).equals(CanonicalJson.write(value.plain()));
  }

  private static Optional<String> name(Map<String, Tree.Entry> entries) {
    Tree.Entry entry = entries.get(KEY);
    return entry != null && entry.value() instanceof Tree.Scalar scalar
        ? Optional.of(scalar.text())
        : Optional.empty();
  }

  private static Position position(Map<String, Tree.Entry> entries) {
    Tree.Entry entry = entries.get(KEY);
    return entry == null ? Position.NONE : entry.keyAt();
  }

  private static boolean has(Map<String, Tree.Entry> entries, String key) {
    Tree.Entry entry = entries.get(key);
    return entry != null
        && !(entry.value() instanceof Tree.Scalar scalar && scalar.value() == null);
  }
}
