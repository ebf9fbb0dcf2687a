package dev.modelflow.plan;

import dev.modelflow.domain.FlowCompiler;
import dev.modelflow.domain.FlowPlan;
import dev.modelflow.recipe.Recipe;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Compiles recipes for the ledger; a wrong one throws {@code RecipeException}. */
public final class RecipeCompiler implements FlowCompiler {
  @Override
  public FlowPlan compile(String source, Map<String, @Nullable Object> overrides) {
    Recipe recipe = Recipe.parse(source, "recipe");
    return Plan.of(overrides.isEmpty() ? recipe : recipe.withOverrides(overrides)).flow();
  }
}
