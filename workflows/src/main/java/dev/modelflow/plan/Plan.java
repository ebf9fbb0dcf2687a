package dev.modelflow.plan;

import dev.modelflow.domain.FlowPlan;
import dev.modelflow.recipe.Recipe;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a recipe will do and what that costs.
 *
 * @param flow the stages in an order in which each comes after all that it reads from
 * @param costs of each stage by its name, in the same order
 */
public record Plan(FlowPlan flow, Map<String, Cost> costs) {
  /** Copies the map, keeping its order. */
  public Plan {
    costs = Collections.unmodifiableMap(new LinkedHashMap<>(costs));
  }

  /** The plan of a checked recipe; recipes that mean the same have equal stages. */
  public static Plan of(Recipe recipe) {
    return new Planner(recipe).plan();
  }
}
