package dev.modelflow.recipe;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Which sources of tokens a curate stage makes. */
public final class Sources {
  private Sources() {}

  /**
   * The names that a mix may use.
   *
   * @param curate the stage
   * @param stages finds the stage whose documents join the pool
   */
  public static List<String> of(StageSpec curate, Function<String, Optional<StageSpec>> stages) {
    List<String> names = new ArrayList<>();
    if (curate.values().get("sources") instanceof List<?> sources) {
      for (Object source : sources) {
        if (source instanceof Map<?, ?> block && block.get("name") instanceof String name) {
          names.add(name);
        }
      }
    }
    return names;
  }
}
