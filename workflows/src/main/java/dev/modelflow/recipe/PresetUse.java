package dev.modelflow.recipe;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a stage has of the preset that it names.
 *
 * @param preset its name
 * @param taken keys whose values are the preset's
 * @param changed the preset's values of keys that are the stage's own
 */
public record PresetUse(String preset, Map<String, Object> taken, Map<String, Object> changed) {
  /** Copies the maps, keeping their order. */
  public PresetUse {
    taken = Collections.unmodifiableMap(new LinkedHashMap<>(taken));
    changed = Collections.unmodifiableMap(new LinkedHashMap<>(changed));
  }

  /** What this stage has of its preset; nothing where it names none. */
  public static Optional<PresetUse> of(StageSpec stage) {
    String name = String.valueOf(stage.values().get(Presets.KEY));
    return Optional.ofNullable(Presets.of(stage.kind()).get(name))
        .map(preset -> compare(name, preset, stage.values()));
  }

  private static PresetUse compare(
      String name, Map<String, Object> preset, Map<String, Object> stage) {
    Map<String, Object> taken = new LinkedHashMap<>();
    Map<String, Object> changed = new LinkedHashMap<>();
    preset.forEach(
        (key, value) -> (value.equals(stage.get(key)) ? taken : changed).put(key, value));
    return new PresetUse(name, taken, changed);
  }
}
