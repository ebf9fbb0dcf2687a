package dev.modelflow.engine.gguf;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What llama.cpp calls the weights that Hugging Face's tools name otherwise. */
final class GgufNames {
  static final String HEAD = "output.weight";

  private static final Pattern IN_LAYER =
      Pattern.compile("model\\.layers\\.(\\d+)\\.(.+)\\.weight");

  private static final Map<String, String> OUTSIDE =
      Map.of(
          "model.embed_tokens.weight", "token_embd.weight",
          "model.norm.weight", "output_norm.weight",
          "lm_head.weight", HEAD);

  private static final Map<String, String> INSIDE =
      Map.ofEntries(
          Map.entry("self_attn.q_proj", "attn_q"),
          Map.entry("self_attn.k_proj", "attn_k"),
          Map.entry("self_attn.v_proj", "attn_v"),
          Map.entry("self_attn.o_proj", "attn_output"),
          Map.entry("self_attn.q_norm", "attn_q_norm"),
          Map.entry("self_attn.k_norm", "attn_k_norm"),
          Map.entry("post_attention_layernorm", "post_attention_norm"),
          Map.entry("mlp.gate_proj", "ffn_gate"),
          Map.entry("mlp.up_proj", "ffn_up"),
          Map.entry("mlp.down_proj", "ffn_down"),
          Map.entry("post_feedforward_layernorm", "post_ffw_norm"));

  private GgufNames() {}

  /** The name of a weight there. */
  static String of(String weight) {
    String outside = OUTSIDE.get(weight);
    if (outside != null) {
      return outside;
    }
    Matcher in = IN_LAYER.matcher(weight);
    String inside = in.matches() ? INSIDE.get(in.group(2)) : null;
    if (inside == null) {
      throw new IllegalArgumentException("llama.cpp's olmo2 has no weight '" + weight + "'");
    }
    return "blk." + in.group(1) + "." + inside + ".weight";
  }
}
