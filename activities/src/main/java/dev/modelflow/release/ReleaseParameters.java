package dev.modelflow.release;

import dev.modelflow.text.Json;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the recipe says about a release; see {@code docs/recipe.md}.
 *
 * @param title the model's name
 * @param licence of the weights
 * @param dtype of the weights, as the recipe calls it
 * @param shardBytes of a file of weights, at most
 */
record ReleaseParameters(String title, String licence, WeightType dtype, long shardBytes) {
  /** Not parameters unless the recipe has them, so that a release from before is the same work. */
  private static final Map<String, Object> OTHERWISE =
      Map.of("dtype", "float32", "shardBytes", 5_000_000_000L);

  /** The stage's parameters as the recipe resolved them. */
  static ReleaseParameters of(Map<String, ? extends @Nullable Object> parameters) {
    Map<String, @Nullable Object> all = new HashMap<>(OTHERWISE);
    all.putAll(parameters);
    return Json.convert(all, ReleaseParameters.class);
  }
}
