package dev.modelflow.recipe;

import dev.modelflow.domain.StageKind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Stages that others stand for must not be called like any stage that is there. */
final class MadeNames {
  private final RecipeChecks recipe;
  private final boolean evaluated;

  /** Names that {@code evaluated}, a block for all training stages, adds to are checked too. */
  MadeNames(RecipeChecks recipe, boolean evaluated) {
    this.recipe = recipe;
    this.evaluated = evaluated;
  }

  void check(Collection<StageSpec> stages) {
    Set<String> made = new HashSet<>();
    for (StageSpec stage : stages) {
      for (String name : madeBy(stage)) {
        if (recipe.stage(name).isPresent() || !made.add(name)) {
          recipe.at(
              recipe.path(stage),
              "'%s' makes a stage '%s', which there is already: call one of them something else"
                  .formatted(stage.name(), name));
        }
      }
    }
  }

  private List<String> madeBy(StageSpec stage) {
    List<String> names = new ArrayList<>();
    for (int i = 1; i <= stage.ingredients(); i++) {
      names.add(Recipe.ingredientOf(stage.name(), i));
    }
    if (stage.kind() == StageKind.MICROANNEAL) {
      Set<String> candidates = new LinkedHashSet<>(stage.block("candidates").keySet());
      candidates.add(Recipe.WEB);
      for (String candidate : candidates) {
        for (int i = 1; i <= RecipeFields.whole(stage.values(), "seeds"); i++) {
          names.add(Recipe.annealOf(stage.name(), candidate, i));
        }
      }
    }
    List<String> all = new ArrayList<>(names);
    if (evaluated) {
      names.forEach(name -> all.add(Recipe.evaluationOf(name)));
    }
    return all;
  }
}
