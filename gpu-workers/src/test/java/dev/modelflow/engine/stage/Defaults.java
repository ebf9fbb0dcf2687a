package dev.modelflow.engine.stage;

import dev.modelflow.domain.StageKind;
import dev.modelflow.recipe.Field;
import dev.modelflow.recipe.ModelShape;
import dev.modelflow.recipe.RecipeFields;
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
      switch (field.absence()) {
        case Field.Value value -> values.putIfAbsent(field.name(), value.value());
        case Field.Derived derived ->
            values.computeIfAbsent(field.name(), any -> derived.from().apply(shape, values));
        case Field.Required _, Field.Optional _ -> {}
      }
    }
    // As in a plan, whose parameters are without it.
    values.remove("pool");
    return values;
  }
}
