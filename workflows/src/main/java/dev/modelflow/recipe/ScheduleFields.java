package dev.modelflow.recipe;

import static dev.modelflow.recipe.RecipeFields.count;
import static dev.modelflow.recipe.RecipeFields.derived;
import static dev.modelflow.recipe.RecipeFields.notNegative;
import static dev.modelflow.recipe.RecipeFields.optional;
import static dev.modelflow.recipe.RecipeFields.positive;
import static dev.modelflow.recipe.RecipeFields.required;
import static dev.modelflow.recipe.RecipeFields.share;
import static dev.modelflow.recipe.RecipeFields.unless;
import static dev.modelflow.recipe.RecipeFields.value;
import static dev.modelflow.recipe.RecipeFields.whole;

import java.util.List;

/**
 * The keys of a stage's steps and learning rate. Some numbers may be said as a share of others; a
 * plan has the numbers alone.
 */
final class ScheduleFields {
  static final String WSD = "wsd";

  private static final String FINAL_RATE_IS =
      "Learning rate at the schedule's end; without meaning where it is constant.";

  /** The last rate of all stages but pretrain. */
  static final Field FINAL_RATE = value("finalLearningRate", notNegative(), 0.0, FINAL_RATE_IS);

  static final Field PRETRAIN_FINAL_RATE =
      derived(
          "finalLearningRate",
          notNegative(),
          "a tenth of learningRate",
          (model, stage) -> 0.1 * RecipeFields.number(stage, "learningRate"),
          FINAL_RATE_IS);

  private ScheduleFields() {}

  /** The other way to say what {@code key} says; the key itself where there is none. */
  static String rival(String key) {
    return switch (key) {
      case "finalLearningRate" -> "finalFraction";
      case "finalFraction" -> "finalLearningRate";
      case "warmupSteps" -> "warmupFraction";
      case "warmupFraction" -> "warmupSteps";
      case "decaySteps" -> "decayFraction";
      case "decayFraction" -> "decaySteps";
      default -> key;
    };
  }

  static List<Field> of(String schedule, Field finalRate) {
    return List.of(
        required("steps", count(), "Optimizer steps."),
        optional(
            "scheduleSteps",
            count(),
            "Step at which the schedule ends, where that is after the stage; without it, `steps`."),
        required("learningRate", positive(), "Highest learning rate."),
        optional(
            "finalFraction",
            share(),
            "`finalLearningRate` as a share of the highest; one of both."),
        unless("finalFraction", finalRate),
        value(
            "schedule",
            new FieldType.Choice(List.of("cosine", "half-cosine", "linear", WSD, "constant")),
            schedule,
            "Course of the learning rate after the warm-up."),
        optional(
            "warmupFraction",
            share(),
            "`warmupSteps` as a share of the schedule's steps; one of both."),
        unless(
            "warmupFraction",
            value("warmupSteps", whole(0, Integer.MAX_VALUE), 0L, "Steps of even rise.")),
        optional(
            "decayFraction",
            share(),
            "Of `wsd`: `decaySteps` as a share of the schedule's steps, a tenth without both."),
        optional("decaySteps", count(), "Of `wsd`: steps of even fall at the schedule's end."));
  }
}
