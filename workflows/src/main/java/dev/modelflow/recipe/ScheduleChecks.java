package dev.modelflow.recipe;

import java.util.List;
import java.util.Optional;

/** What must hold between the keys of a stage's steps and learning rate. */
final class ScheduleChecks {
  private final RecipeChecks recipe;
  private final StageSpec stage;

  ScheduleChecks(RecipeChecks recipe, StageSpec stage) {
    this.recipe = recipe;
    this.stage = stage;
  }

  void check() {
    List.of("finalFraction", "warmupFraction", "decayFraction").forEach(this::alone);
    atMost("steps", "scheduleSteps", "the stage's %s steps are more than the schedule's %s");
    String end = has("scheduleSteps") ? "scheduleSteps" : "steps";
    String length = has("scheduleSteps") ? "schedule's" : "stage's";
    atMost(
        "warmupSteps", end, "the warm-up of %s steps is longer than the " + length + " %s steps");
    atMost(
        "finalLearningRate",
        "learningRate",
        "the final learning rate %s is above the highest one, %s");
    decay(end);
  }

  private void alone(String share) {
    String number = ScheduleFields.rival(share);
    if (has(number) && has(share)) {
      recipe.at(
          path(share),
          "'%s' and '%s' say the same: keep one of them (null takes the other away)"
              .formatted(number, share));
    }
  }

  private void decay(String end) {
    String schedule = String.valueOf(stage.values().get("schedule"));
    if (!schedule.equals(ScheduleFields.WSD)) {
      List.of("decaySteps", "decayFraction").stream()
          .filter(this::has)
          .forEach(
              key ->
                  recipe.at(
                      path(key),
                      "'%s' is of the schedule wsd alone, and this one is %s"
                          .formatted(key, schedule)));
      return;
    }
    Optional<Long> steps = number(end);
    double all = steps.orElse(0L);
    double warmup = part("warmupSteps", "warmupFraction", 0, all);
    double fall = part("decaySteps", "decayFraction", ScheduleShares.DECAY, all);
    if (steps.isPresent() && warmup + fall > all) {
      recipe.at(
          path("schedule"),
          "a warm-up of %.0f steps and a decay of %.0f are more than %.0f steps"
              .formatted(warmup, fall, all));
    }
  }

  /** A part of the schedule's steps that is said in steps, as a share, or not at all. */
  private double part(String steps, String share, double otherwise, double all) {
    Optional<Long> said = number(steps);
    return said.isPresent()
        ? said.get()
        : ScheduleShares.of(stage.number(share).map(Number::doubleValue).orElse(otherwise), all);
  }

  private void atMost(String key, String limitKey, String message) {
    Optional<Number> value = stage.number(key);
    Optional<Number> limit = stage.number(limitKey);
    if (value.isPresent()
        && limit.isPresent()
        && value.get().doubleValue() > limit.get().doubleValue()) {
      recipe.at(path(key), message.formatted(value.get(), limit.get()));
    }
  }

  private Optional<Long> number(String key) {
    return stage.number(key).map(Number::longValue);
  }

  private boolean has(String key) {
    return stage.values().containsKey(key);
  }

  private String path(String key) {
    return recipe.path(stage) + "." + key;
  }
}
