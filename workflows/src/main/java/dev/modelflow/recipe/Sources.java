package dev.modelflow.recipe;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/** Which sources of tokens a curate stage makes. */
public final class Sources {
  private Sources() {}

  /**
   * The names that a mix may use, sorted.
   *
   * @param curate the stage
   * @param stages finds the stage whose documents join the pool
   */
  public static List<String> of(StageSpec curate, Function<String, Optional<StageSpec>> stages) {
    Set<String> names = real(curate);
    curate
        .reference("synthetic")
        .flatMap(ref -> stages.apply(ref.stage()))
        .ifPresent(synthesize -> addFamilies(synthesize, names));
    return List.copyOf(names);
  }

  /** The sources of which some documents are kept for evaluation, sorted: those of real text. */
  public static List<String> heldOut(StageSpec curate) {
    return List.copyOf(real(curate));
  }

  private static Set<String> real(StageSpec curate) {
    Set<String> names = new TreeSet<>();
    if (curate.values().get("sources") instanceof List<?> sources) {
      for (Object source : sources) {
        if (source instanceof Map<?, ?> block && block.get("name") instanceof String name) {
          names.add(name);
        }
      }
    }
    return names;
  }

  private static void addFamilies(StageSpec synthesize, Set<String> names) {
    DataFields.FAMILIES.forEach(
        (key, source) -> {
          if (RecipeFields.whole(synthesize.block(key), "documents") > 0) {
            names.add(source);
          }
        });
  }
}
