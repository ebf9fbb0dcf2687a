package dev.modelflow.engine.checkpoint;

import dev.modelflow.engine.model.ModelConfig;
import dev.modelflow.engine.model.Yarn;
import dev.modelflow.text.SpecialToken;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A model's shape as {@code config.json} of Hugging Face's {@code Olmo3Config}. The legacy keys
 * {@code rope_theta} and {@code rope_scaling} are written since old and new readers understand them
 * (llama.cpp's converter only them), and {@code layer_types} explicitly, since the default there
 * does not make the last layer full.
 */
public final class HuggingFaceConfig {
  private HuggingFaceConfig() {}

  /** The file's tree. */
  public static Map<String, @Nullable Object> write(ModelConfig model) {
    Map<String, @Nullable Object> config = new LinkedHashMap<>();
    config.put("architectures", List.of("Olmo3ForCausalLM"));
    config.put("model_type", "olmo3");
    config.put("attention_bias", false);
    config.put("attention_dropout", 0.0);
    config.put("bos_token_id", null);
    config.put("eos_token_id", SpecialToken.END_OF_TEXT.id());
    config.put("pad_token_id", SpecialToken.PADDING.id());
    config.put("hidden_act", "silu");
    config.put("hidden_size", model.width());
    config.put("initializer_range", 0.02);
    config.put("intermediate_size", model.feedForward());
    config.put("layer_types", layerTypes(model));
    config.put("max_position_embeddings", model.context());
    config.put("num_attention_heads", model.heads());
    config.put("num_hidden_layers", model.layers());
    config.put("num_key_value_heads", model.heads());
    config.put("rms_norm_eps", ModelConfig.EPSILON);
    config.put("rope_theta", model.ropeBase());
    config.put("rope_scaling", ropeScaling(model.yarn()));
    config.put("sliding_window", slidingWindow(model));
    config.put("tie_word_embeddings", false);
    config.put("dtype", "float32");
    config.put("transformers_version", "4.57.1");
    config.put("use_cache", true);
    config.put("vocab_size", model.vocabulary());
    return config;
  }

  /** The model of a tree that {@link #write} made. */
  public static ModelConfig read(JsonNode config) {
    boolean slides =
        config.path("layer_types").valueStream().anyMatch(t -> t.asString().startsWith("sliding"));
    return new ModelConfig(
        config.path("num_hidden_layers").asInt(0),
        config.path("hidden_size").asInt(0),
        config.path("num_attention_heads").asInt(0),
        config.path("intermediate_size").asInt(0),
        config.path("vocab_size").asInt(0),
        config.path("max_position_embeddings").asInt(0),
        slides ? config.path("sliding_window").asInt(0) : 0,
        config.path("rope_theta").asDouble(0),
        yarn(config.path("rope_scaling")));
  }

  private static @Nullable Yarn yarn(JsonNode scaling) {
    return scaling.isObject()
        ? new Yarn(
            scaling.path("factor").asDouble(0),
            scaling.path("original_max_position_embeddings").asInt(0))
        : null;
  }

  private static List<String> layerTypes(ModelConfig model) {
    List<String> types = new ArrayList<>();
    for (int layer = 0; layer < model.layers(); layer++) {
      types.add(model.isFull(layer) ? "full_attention" : "sliding_attention");
    }
    return types;
  }

  /**
   * Hugging Face's class needs a window even where no layer slides; the context is then as good.
   */
  private static int slidingWindow(ModelConfig model) {
    return model.slidingWindow() == 0 ? model.context() : model.slidingWindow();
  }

  private static @Nullable Map<String, Object> ropeScaling(@Nullable Yarn yarn) {
    if (yarn == null) {
      return null;
    }
    Map<String, Object> scaling = new LinkedHashMap<>();
    scaling.put("rope_type", "yarn");
    scaling.put("factor", yarn.factor());
    scaling.put("original_max_position_embeddings", yarn.originalContext());
    scaling.put("beta_fast", 32.0);
    scaling.put("beta_slow", 1.0);
    scaling.put("attention_factor", yarn.attentionFactor());
    return scaling;
  }
}
