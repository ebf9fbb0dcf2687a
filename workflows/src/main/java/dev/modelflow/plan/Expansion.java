package dev.modelflow.plan;

import dev.modelflow.domain.StageKind;
import dev.modelflow.recipe.Recipe;
import dev.modelflow.recipe.StageSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Writes out what stands for several stages: ingredients of a mean, anneals of a microanneal, and
 * the block {@code evaluate}, one stage after each training stage.
 */
final class Expansion {
  private Expansion() {}

  static List<StageSpec> of(Recipe recipe) {
    List<StageSpec> stages = new ArrayList<>();
    recipe.stages().forEach(stage -> stages.addAll(writtenOut(stage, recipe)));
    List<StageSpec> all = new ArrayList<>(stages);
    Optional<StageSpec> template = recipe.evaluate();
    if (template.isPresent()) {
      stages.stream()
          .filter(stage -> isTraining(stage.kind()))
          .forEach(stage -> all.add(after(stage, template.get())));
    }
    return all;
  }

  private static List<StageSpec> writtenOut(StageSpec stage, Recipe recipe) {
    long seed = stage.seed() == null ? recipe.seed() : stage.seed();
    if (stage.ingredients() > 0) {
      return Ingredients.writtenOut(stage, seed);
    }
    List<StageSpec> all = new ArrayList<>();
    if (stage.kind() == StageKind.MICROANNEAL) {
      all.addAll(new Anneals(stage, seed).all());
    }
    all.add(stage);
    return all;
  }

  static boolean isTraining(StageKind kind) {
    return Planner.touchesModel(kind) && kind != StageKind.EVALUATE;
  }

  private static StageSpec after(StageSpec stage, StageSpec template) {
    Map<String, Object> values = new LinkedHashMap<>(template.values());
    values.put("from", stage.name());
    return new StageSpec(
        Recipe.evaluationOf(stage.name()),
        StageKind.EVALUATE,
        template.pool(),
        template.seed(),
        values);
  }
}
