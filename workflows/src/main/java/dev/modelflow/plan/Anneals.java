package dev.modelflow.plan;

import dev.modelflow.domain.StageInput;
import dev.modelflow.domain.StageKind;
import dev.modelflow.recipe.Field;
import dev.modelflow.recipe.Recipe;
import dev.modelflow.recipe.RecipeFields;
import dev.modelflow.recipe.StageSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The anneals of a microanneal: for each candidate, and for the web alone, one for each seed. They
 * are stages of kind midtrain, so any worker of their pool takes one, and what was trained before
 * is reused.
 */
final class Anneals {
  private final StageSpec stage;
  private final long seed;

  /** The anneals of {@code stage}, of which the first has this seed. */
  Anneals(StageSpec stage, long seed) {
    this.stage = stage;
    this.seed = seed;
  }

  List<StageSpec> all() {
    List<StageSpec> all = new ArrayList<>();
    Map<String, Object> web = stage.block("web");
    each(Recipe.WEB, web, all);
    double share = stage.number("targetShare").map(Number::doubleValue).orElse(1.0);
    stage
        .block("candidates")
        .forEach((name, mix) -> each(name, mixed(share, block(mix), web), all));
    return all;
  }

  private void each(String candidate, Map<String, Object> mix, List<StageSpec> all) {
    for (int i = 1; i <= seeds(stage); i++) {
      all.add(
          new StageSpec(
              Recipe.annealOf(stage.name(), candidate, i),
              StageKind.MIDTRAIN,
              String.valueOf(stage.values().get("annealPool")),
              Ingredients.seed(seed, i),
              values(mix)));
    }
  }

  /** What midtrain wants, in the order of its table; the rate falls evenly to 0, as Olmo 3's. */
  private Map<String, Object> values(Map<String, Object> mix) {
    Map<String, Object> decided =
        Map.of("mix", mix, "schedule", "linear", "finalLearningRate", 0.0, "warmupSteps", 0L);
    Map<String, Object> values = new LinkedHashMap<>();
    for (Field field : RecipeFields.of(StageKind.MIDTRAIN)) {
      String key = field.name();
      if (decided.containsKey(key)) {
        values.put(key, decided.get(key));
      } else if (stage.values().containsKey(key)) {
        values.put(key, stage.values().get(key));
      }
    }
    return values;
  }

  /** The candidate's mix and the web's, each brought to a sum of its share. */
  private static Map<String, Object> mixed(
      double share, Map<String, Object> target, Map<String, Object> web) {
    Map<String, Object> mix = new TreeMap<>();
    add(mix, share / sum(target), target);
    // A share of 1 leaves the web out, and a mix has no source without a share.
    if (share < 1) {
      add(mix, (1 - share) / sum(web), web);
    }
    return mix;
  }

  private static void add(Map<String, Object> mix, double factor, Map<String, Object> part) {
    part.forEach(
        (source, share) -> {
          double before = mix.get(source) instanceof Number number ? number.doubleValue() : 0;
          mix.put(source, before + factor * ((Number) share).doubleValue());
        });
  }

  /** In rising order: that of the recipe's text must not change the last bits. */
  private static double sum(Map<String, Object> mix) {
    return mix.values().stream()
        .mapToDouble(share -> ((Number) share).doubleValue())
        .sorted()
        .sum();
  }

  private static Map<String, Object> block(Object value) {
    Map<String, Object> block = new LinkedHashMap<>();
    ((Map<?, ?>) value).forEach((key, it) -> block.put(key.toString(), it));
    return block;
  }

  /** What the ranking reads: roles {@code evaluation.CANDIDATE.NUMBER}. */
  static Map<String, StageInput> measured(StageSpec stage) {
    List<String> candidates = new ArrayList<>(stage.block("candidates").keySet());
    candidates.add(Recipe.WEB);
    Map<String, StageInput> inputs = new TreeMap<>();
    for (String candidate : candidates) {
      for (int i = 1; i <= seeds(stage); i++) {
        String anneal = Recipe.annealOf(stage.name(), candidate, i);
        inputs.put(
            "evaluation.%s.%d".formatted(candidate, i),
            new StageInput(Recipe.evaluationOf(anneal), "evaluation", null));
      }
    }
    return inputs;
  }

  private static int seeds(StageSpec stage) {
    return stage.number("seeds").map(Number::intValue).orElse(0);
  }
}
