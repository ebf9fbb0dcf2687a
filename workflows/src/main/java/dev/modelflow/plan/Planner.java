package dev.modelflow.plan;

import dev.modelflow.domain.FlowPlan;
import dev.modelflow.domain.StageInput;
import dev.modelflow.domain.StageKind;
import dev.modelflow.domain.StagePlan;
import dev.modelflow.recipe.Recipe;
import dev.modelflow.recipe.RecipeFields;
import dev.modelflow.recipe.ScheduleShares;
import dev.modelflow.recipe.StageSpec;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Decides order, inputs and costs. */
final class Planner {
  private final Recipe recipe;
  private final List<StageSpec> stages;
  private final Map<String, Map<String, StageInput>> inputs = new HashMap<>();
  private final Map<String, Integer> depths = new HashMap<>();

  Planner(Recipe recipe) {
    this.recipe = recipe;
    this.stages = Expansion.of(recipe);
  }

  Plan plan() {
    Wiring wiring = new Wiring(stages);
    stages.forEach(stage -> inputs.put(stage.name(), wiring.inputs(stage)));
    List<StageSpec> ordered = new ArrayList<>(stages);
    // Among equally deep stages evaluations come first: they are short, and somebody waits for
    // them.
    ordered.sort(
        Comparator.comparingInt((StageSpec stage) -> depth(stage.name()))
            .thenComparing(stage -> stage.kind() != StageKind.EVALUATE)
            .thenComparing(StageSpec::kind)
            .thenComparing(StageSpec::name));
    Map<String, Cost> costs = new LinkedHashMap<>();
    ordered.forEach(stage -> costs.put(stage.name(), Costs.of(stage, recipe.model())));
    return new Plan(flow(ordered), costs);
  }

  private FlowPlan flow(List<StageSpec> ordered) {
    return new FlowPlan(
        recipe.name(),
        recipe.source(),
        recipe.tree(),
        new LinkedHashMap<>(recipe.model().values()),
        ordered.stream().map(this::planned).toList());
  }

  /** The length of the longest way to the stage: inputs have smaller ones. */
  private int depth(String stage) {
    Integer known = depths.get(stage);
    if (known != null) {
      return known;
    }
    int depth = 0;
    for (StageInput input : inputs.getOrDefault(stage, Map.of()).values()) {
      depth = Math.max(depth, depth(input.stage()) + 1);
    }
    depths.put(stage, depth);
    return depth;
  }

  private StagePlan planned(StageSpec stage) {
    long seed = stage.seed() == null ? recipe.seed() : stage.seed();
    return new StagePlan(
        stage.name(),
        stage.kind(),
        stage.pool(),
        seed,
        parameters(stage),
        inputs.getOrDefault(stage.name(), Map.of()));
  }

  private Map<String, @Nullable Object> parameters(StageSpec stage) {
    Map<String, @Nullable Object> parameters = new TreeMap<>(stage.values());
    RecipeFields.of(stage.kind()).stream()
        .filter(field -> field.type().isReference())
        .forEach(field -> parameters.remove(field.name()));
    ScheduleShares.resolve(parameters);
    // Its keys have values of their own now; under whose name does not change the work.
    parameters.remove("preset");
    if (stage.kind() == StageKind.RELEASE) {
      parameters.putIfAbsent("title", recipe.name());
      parameters.putIfAbsent(Licences.KEY, new Licences(stages, inputs).of(stage.name()));
    }
    if (stage.kind() == StageKind.MERGE) {
      parameters.put("weights", Ingredients.of(stage).weights());
    }
    return parameters;
  }

  static boolean touchesModel(StageKind kind) {
    return switch (kind) {
      case SYNTHESIZE, CURATE, MICROANNEAL, RELEASE -> false;
      case IMPORT, PRETRAIN, MIDTRAIN, LONG_CONTEXT, SFT, DPO, RLVR, MERGE, EVALUATE -> true;
    };
  }
}
