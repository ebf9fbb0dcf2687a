package dev.modelflow.engine.checkpoint;

import dev.modelflow.engine.model.Experts;
import dev.modelflow.engine.model.ModelConfig;
import java.math.BigDecimal;
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

  /** Changes the tree of a dense model to that of a sparse one. */
  static void write(ModelConfig model, Experts experts, Map<String, @Nullable Object> keys) {
    boolean full = model.slidingWindow() == 0;
    if (full) {
      // FlexOlmo has neither, and programs that see a window may use it.
      keys.remove("layer_types");
      keys.remove("sliding_window");
    }
    keys.put(
        "architectures", List.of(full ? "FlexOlmoForCausalLM" : "ModelflowOlmo3MoeForCausalLM"));
    keys.put("model_type", full ? FLEX : SLIDING);
    keys.put("num_experts", experts.count());
    keys.put("num_experts_per_tok", experts.perToken());
    keys.put("norm_topk_prob", false);
    keys.put("output_router_logits", false);
    // Its config class takes no whole number for these, and a dropout of 0 would be written as one.
    keys.remove("attention_dropout");
    keys.put("router_aux_loss_coef", BigDecimal.valueOf(experts.balanceLoss()));
    keys.put("router_z_loss_coef", BigDecimal.valueOf(experts.routerZLoss()));
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
