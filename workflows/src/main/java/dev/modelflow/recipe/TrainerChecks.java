package dev.modelflow.recipe;

import dev.modelflow.domain.FollowedKeys;
import dev.modelflow.domain.OlmoCoreRotary;
import dev.modelflow.domain.OpenInstructValues;
import dev.modelflow.domain.StageKind;
import dev.modelflow.domain.TrainerName;
import java.util.HashSet;
import java.util.Set;

/** What a stage with a trainer of others may ask for: nothing is silently without effect. */
final class TrainerChecks {
  /** Keys that a plan resolves before any trainer sees them. */
  private static final Set<String> RESOLVED = Set.of(Presets.KEY, MergeFields.INGREDIENTS);

  private static final String FROM = "from";

  private TrainerChecks() {}

  static void check(RecipeChecks recipe, StageSpec stage) {
    String trainer = TrainerName.of(stage.values());
    if (trainer.equals(TrainerName.ENGINE)) {
      return;
    }
    keys(recipe, stage, trainer);
    switch (trainer) {
      case TrainerName.OLMO_CORE -> {
        experts(recipe, stage);
        rotary(recipe, stage, trainer);
      }
      case TrainerName.OPEN_INSTRUCT -> {
        values(recipe, stage);
        if (stage.kind() == StageKind.DPO) {
          // Its model is OLMo-core's; that of rlvr is not.
          rotary(recipe, stage, trainer);
        }
      }
      default -> {}
    }
  }

  private static void keys(RecipeChecks recipe, StageSpec stage, String trainer) {
    Set<String> followed = FollowedKeys.of(trainer, stage.kind());
    RecipeFields.of(stage.kind()).stream()
        .filter(field -> !field.type().isReference())
        .map(Field::name)
        .filter(key -> stage.values().containsKey(key) && !RESOLVED.contains(key))
        .filter(key -> !followed.contains(key) && !followed.contains(ScheduleFields.rival(key)))
        .forEach(
            key ->
                recipe.at(
                    recipe.path(stage) + "." + key,
                    "trainer '%s' does not follow this key: leave it out, or train with modelflow"
                        .formatted(trainer)));
  }

  private static void experts(RecipeChecks recipe, StageSpec stage) {
    if (recipe.model().filter(model -> model.experts() > 0).isPresent()) {
      recipe.at(
          recipe.path(stage) + "." + TrainerName.KEY,
          "trainer 'olmo-core' is not told of the model's experts: train with modelflow");
    }
  }

  private static void rotary(RecipeChecks recipe, StageSpec stage, String trainer) {
    recipe
        .model()
        .filter(model -> isStretched(recipe, stage, new HashSet<>()))
        .filter(
            model -> !OlmoCoreRotary.agrees(model.headSize(), model.ropeBase(), model.context()))
        .ifPresent(
            model ->
                recipe.at(
                    recipe.path(stage) + "." + TrainerName.KEY,
                    OlmoCoreRotary.difference(
                        trainer, model.headSize(), model.ropeBase(), model.context())));
  }

  /** Whether the stage, or one that its checkpoint comes from, stretches the context. */
  private static boolean isStretched(RecipeChecks recipe, StageSpec stage, Set<String> seen) {
    return stage.kind() == StageKind.LONG_CONTEXT
        || (seen.add(stage.name())
            && stage.references(FROM).stream()
                .flatMap(from -> recipe.stage(from.stage()).stream())
                .anyMatch(from -> isStretched(recipe, from, seen)));
  }

  private static void values(RecipeChecks recipe, StageSpec stage) {
    OpenInstructValues.of(stage.kind(), stage.values())
        .forEach(
            other ->
                recipe.at(
                    recipe.path(stage) + "." + other.key(),
                    "trainer 'open-instruct' cannot be told of %s: use %s, or train with modelflow"
                        .formatted(other.value(), other.use())));
  }
}
