package dev.modelflow.engine.stage;

import dev.modelflow.engine.model.Experts;
import dev.modelflow.engine.model.ModelConfig;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a recipe's block {@code model} says of a model, as far as the model itself decides it. */
final class RecipeModel {
  private static final String EXPERTS = "experts";

  private RecipeModel() {}

  /** What to do to the block of {@code said} until it is that of {@code found}. */
  static List<String> changes(ModelConfig said, ModelConfig found) {
    List<String> changes = new ArrayList<>();
    Map<String, Object> before = dense(said);
    dense(found).forEach((key, value) -> change(key, before.get(key), value, changes));
    Experts experts = found.experts();
    Experts old = said.experts();
    if (experts == null && old != null) {
      changes.add("leave out model." + EXPERTS);
    } else if (experts != null) {
      Map<String, Object> olds = old == null ? Map.of() : experts(old);
      experts(experts)
          .forEach((key, value) -> change(EXPERTS + "." + key, olds.get(key), value, changes));
    }
    return changes;
  }

  private static void change(
      String key, @Nullable Object before, Object value, List<String> changes) {
    if (!value.equals(before)) {
      changes.add(
          "set model.%s to %s".formatted(key, value)
              + (before == null ? "" : " (it is %s)".formatted(before)));
    }
  }

  /** The block, in which those of experts are one of their own. */
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
    keys.put("ropeBase", number(model.ropeBase()));
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

  /** As people write it: without a fraction where there is none. */
  private static Object number(double value) {
    if (value == Math.rint(value)) {
      return (long) value;
    }
    return value;
  }
}
