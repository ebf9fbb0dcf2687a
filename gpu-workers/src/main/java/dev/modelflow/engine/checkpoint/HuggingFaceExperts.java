package dev.modelflow.engine.checkpoint;

import dev.modelflow.engine.model.Experts;
import dev.modelflow.engine.model.ModelConfig;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A mixture of experts in {@code config.json}. Without a window the model is Hugging Face's {@code
 * FlexOlmo}: Olmo 2's block with experts. With one it has a type of our own, which no other program
 * knows, since FlexOlmo would read it as a model without a window and not say so.
 */
final class HuggingFaceExperts {
  /** All layers full; experts. */
  static final String FLEX = "flex_olmo";

  /** Sliding layers as in Olmo 3; experts. */
  static final String SLIDING = "modelflow_olmo3_moe";

  private static final List<String> TYPES = List.of(FLEX, SLIDING);

  private HuggingFaceExperts() {}

  /** The keys that a sparse model has, or has otherwise than a dense one. */
  static Map<String, @Nullable Object> keys(ModelConfig model, Experts experts) {
    boolean full = model.slidingWindow() == 0;
    Map<String, @Nullable Object> keys = new LinkedHashMap<>();
    keys.put(
        "architectures", List.of(full ? "FlexOlmoForCausalLM" : "ModelflowOlmo3MoeForCausalLM"));
    keys.put("model_type", full ? FLEX : SLIDING);
    keys.put("num_experts", experts.count());
    keys.put("num_experts_per_tok", experts.perToken());
    keys.put("norm_topk_prob", false);
    keys.put("output_router_logits", false);
    keys.put("router_aux_loss_coef", experts.balanceLoss());
    keys.put("router_z_loss_coef", experts.routerZLoss());
    return keys;
  }

  /** The experts of a config; null where its type has none. */
  static @Nullable Experts read(ConfigKeys keys) {
    if (!TYPES.contains(keys.text("model_type"))) {
      return null;
    }
    keys.requireIfSet("norm_topk_prob", false);
    return new Experts(
        keys.whole("num_experts"),
        keys.whole("num_experts_per_tok"),
        keys.number("router_aux_loss_coef", 0),
        keys.number("router_z_loss_coef", 0));
  }
}
