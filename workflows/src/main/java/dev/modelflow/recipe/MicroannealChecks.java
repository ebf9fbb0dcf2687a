package dev.modelflow.recipe;

import dev.modelflow.domain.StageKind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What must hold between the keys of a microanneal and the evaluation that ranks by. */
final class MicroannealChecks {
  private final RecipeChecks recipe;
  private final StageSpec stage;
  private final Optional<StageSpec> evaluate;

  MicroannealChecks(RecipeChecks recipe, StageSpec stage, Optional<StageSpec> evaluate) {
    this.recipe = recipe;
    this.stage = stage;
    this.evaluate = evaluate;
  }

  void check() {
    if (stage.kind() == StageKind.MICROANNEAL) {
      StageChecks.sources(recipe, stage, "web", stage.block("web"));
      stage.block("candidates").forEach(this::candidate);
      evaluate.ifPresentOrElse(
          it -> ranked(MeasuredTasks.of(it, recipe::stage)),
          () ->
              recipe.at(
                  recipe.path(stage),
                  "candidates are ranked by the evaluations of their anneals: add the block 'evaluate'"));
    }
  }

  private void candidate(String name, Object mix) {
    String key = "candidates." + name;
    if (!name.matches(RecipeFields.NAME)) {
      recipe.at(
          path(key), "'%s' is not a candidate's name: %s".formatted(name, RecipeFields.NAMES));
    } else if (name.equals(Recipe.WEB)) {
      recipe.at(path(key), "'web' is the name of the web alone: call the candidate something else");
    }
    Map<String, Object> sources = new LinkedHashMap<>();
    if (mix instanceof Map<?, ?> block) {
      block.forEach((source, share) -> sources.put(source.toString(), share));
    }
    StageChecks.sources(recipe, stage, key, sources);
  }

  private void ranked(Map<String, String> tasks) {
    List<String> rankBy = new ArrayList<>();
    if (stage.values().get("rankBy") instanceof List<?> list) {
      list.forEach(task -> rankBy.add(task.toString()));
    }
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < rankBy.size(); i++) {
      String task = rankBy.get(i);
      String path = path("rankBy." + i);
      if (!tasks.containsKey(task)) {
        recipe
            .problems()
            .add(
                recipe.place(path),
                path,
                "the evaluation measures no task '%s': expected one of %s"
                    .formatted(task, String.join(", ", tasks.keySet())),
                task,
                List.copyOf(tasks.keySet()));
      } else if (!seen.add(task)) {
        recipe.at(path, "task '%s' stands in the list twice: name it once".formatted(task));
      } else if (!tasks.get(task).equals(tasks.getOrDefault(rankBy.getFirst(), ""))
          && tasks.containsKey(rankBy.getFirst())) {
        recipe.at(
            path,
            "task '%s' is measured in %s and '%s' in %s, which have no mean: rank by tasks of one metric"
                .formatted(task, tasks.get(task), rankBy.getFirst(), tasks.get(rankBy.getFirst())));
      }
    }
  }

  private String path(String key) {
    return recipe.path(stage) + "." + key;
  }
}
