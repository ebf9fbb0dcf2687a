package dev.modelflow.engine.stage;

import dev.modelflow.domain.StageKind;
import dev.modelflow.recipe.Field;
import dev.modelflow.recipe.ModelShape;
import dev.modelflow.recipe.RecipeFields;
import dev.modelflow.recipe.ScheduleShares;
import java.util.LinkedHashMap;
import java.util.Map;

/** Fills in what a recipe's tables would, since trainers get every parameter. */
public final class Defaults {
  private Defaults() {}

  /**
   * The parameters of a stage of this kind.
   *
   * @param context of the model
   * @param given those that the recipe names
   */
  public static Map<String, Object> fill(StageKind kind, long context, Map<String, ?> given) {
    Map<String, Object> values = new LinkedHashMap<>(given);
    ModelShape shape = new ModelShape(Map.of("context", context));
    for (Field field : RecipeFields.of(kind)) {
      fill(field.name(), field.absence(), shape, values);
    }
    ScheduleShares.resolve(values);
    // As in a plan, whose parameters are without it.
    values.remove("pool");
    return values;
  }

  private static void fill(
      String name, Field.Absence absence, ModelShape shape, Map<String, Object> values) {
    switch (absence) {
      case Field.Value value -> values.putIfAbsent(name, value.value());
      case Field.Derived derived when !values.containsKey(name) ->
          values.put(name, derived.from().apply(shape, values));
      case Field.Unless unless when !values.containsKey(unless.rival()) ->
          fill(name, unless.otherwise(), shape, values);
      default -> {}
    }
  }
}
