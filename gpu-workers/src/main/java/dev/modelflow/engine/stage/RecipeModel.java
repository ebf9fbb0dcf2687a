package dev.modelflow.engine.stage;

import dev.modelflow.engine.model.Experts;
import dev.modelflow.engine.model.ModelConfig;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a recipe's block {@code model} says of a model, as far as the model itself decides it. */
final class RecipeModel {
  private static final String EXPERTS = "experts";

  private RecipeModel() {}

  /** Each key of the block by its path; those of experts only where there are any. */
  static Map<String, Object> keys(ModelConfig model) {
    Map<String, Object> keys = dense(model);
    Experts experts = model.experts();
    if (experts != null) {
      experts(experts).forEach((key, value) -> keys.put(EXPERTS + "." + key, value));
    }
    return keys;
  }

  /** The block itself, in which those of experts are one of their own. */
  static Map<String, Object> block(ModelConfig model) {
    Map<String, Object> block = dense(model);
    Experts experts = model.experts();
    if (experts != null) {
      block.put(EXPERTS, experts(experts));
    }
    return block;
  }

  private static Map<String, Object> dense(ModelConfig model) {
    Map<String, Object> keys = new LinkedHashMap<>();
    keys.put("layers", model.layers());
    keys.put("width", model.width());
    keys.put("heads", model.heads());
    keys.put("keyValueHeads", model.keyValueHeads());
    keys.put("headSize", model.headSize());
    keys.put("feedForward", model.feedForward());
    keys.put("vocabulary", model.vocabulary());
    keys.put("context", model.context());
    keys.put("slidingWindow", model.slidingWindow());
    keys.put("ropeBase", model.ropeBase());
    keys.put("tiedHead", model.tied());
    return keys;
  }

  /** How strongly routers are kept in balance is the flow's to say, not the model's. */
  private static Map<String, Object> experts(Experts experts) {
    Map<String, Object> keys = new LinkedHashMap<>();
    keys.put("count", experts.count());
    keys.put("perToken", experts.perToken());
    return keys;
  }
}
