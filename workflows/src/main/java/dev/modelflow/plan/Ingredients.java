package dev.modelflow.plan;

import dev.modelflow.domain.StageInput;
import dev.modelflow.domain.StageKind;
import dev.modelflow.recipe.Recipe;
import dev.modelflow.recipe.StageRef;
import dev.modelflow.recipe.StageSpec;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The checkpoints of a merge, in one order whatever the recipe's, and under roles that hold no
 * stage's name: neither changes the mean, so neither may change the fingerprint.
 *
 * @param refs in that order
 * @param shares weight of each by its written name; empty: all alike
 */
record Ingredients(List<StageRef> refs, Map<String, Object> shares) {
  static Ingredients of(StageSpec merge) {
    List<StageRef> refs =
        merge.references("from").stream().sorted(Comparator.comparing(StageRef::toString)).toList();
    return new Ingredients(refs, merge.block("weights"));
  }

  /** The short form written out: the stage that often, and a merge under its name. */
  static List<StageSpec> writtenOut(StageSpec stage, long seed) {
    Map<String, Object> values = new LinkedHashMap<>(stage.values());
    values.remove("ingredients");
    List<StageSpec> all = new ArrayList<>();
    List<String> names = new ArrayList<>();
    for (int i = 1; i <= stage.ingredients(); i++) {
      String name = Recipe.ingredientOf(stage.name(), i);
      names.add(name);
      all.add(new StageSpec(name, stage.kind(), stage.pool(), seed(seed, i), values));
    }
    all.add(
        new StageSpec(
            stage.name(), StageKind.MERGE, stage.pool(), stage.seed(), Map.of("from", names)));
    return all;
  }

  /** The seed of the {@code number}-th of stages that differ in it alone; the first has the own. */
  static long seed(long own, int number) {
    return (own + number - 1) & Long.MAX_VALUE;
  }

  /** Roles {@code checkpoint.1}, {@code checkpoint.2} and so on. */
  Map<String, StageInput> inputs() {
    Map<String, StageInput> inputs = new TreeMap<>();
    for (int i = 0; i < refs.size(); i++) {
      StageRef ref = refs.get(i);
      inputs.put("checkpoint." + (i + 1), new StageInput(ref.stage(), "checkpoint", ref.step()));
    }
    return inputs;
  }

  /** The weight of each role, in their order. */
  List<Object> weights() {
    return refs.stream().map(ref -> shares.getOrDefault(ref.toString(), 1.0)).toList();
  }
}
