package dev.modelflow.plan;

import dev.modelflow.domain.StageInput;
import dev.modelflow.domain.StageKind;
import dev.modelflow.recipe.StageSpec;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** What released weights are licensed under where the recipe does not say it. */
final class Licences {
  static final String KEY = "licence";

  private static final String OWN = "Apache-2.0";

  /** As the hub calls what is none of those that it knows. */
  private static final String SEVERAL = "other";

  private static final String CHECKPOINT = "checkpoint";

  private final List<StageSpec> stages;
  private final Map<String, Map<String, StageInput>> inputs;

  Licences(List<StageSpec> stages, Map<String, Map<String, StageInput>> inputs) {
    this.stages = stages;
    this.inputs = inputs;
  }

  /** That of the imports whose weights the stage's model goes on from. */
  String of(String stage) {
    Set<String> origins = new HashSet<>();
    addOrigins(stage, origins);
    Set<String> licences = new TreeSet<>();
    for (StageSpec each : stages) {
      if (each.kind() == StageKind.IMPORT
          && origins.contains(each.name())
          && each.values().get(KEY) instanceof String licence) {
        licences.add(licence);
      }
    }
    return switch (licences.size()) {
      case 0 -> OWN;
      case 1 -> licences.iterator().next();
      default -> SEVERAL;
    };
  }

  private void addOrigins(String stage, Set<String> origins) {
    inputs
        .getOrDefault(stage, Map.of())
        .forEach(
            (role, input) -> {
              if ((role.equals(CHECKPOINT) || role.startsWith(CHECKPOINT + "."))
                  && origins.add(input.stage())) {
                addOrigins(input.stage(), origins);
              }
            });
  }
}
