package dev.modelflow.engine.checkpoint;

import dev.modelflow.engine.model.Experts;
import dev.modelflow.engine.model.ModelConfig;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A model's shape as {@code config.json} of Hugging Face's {@code Olmo3Config}, or what {@link
 * HuggingFaceExperts} says of a sparse one. The legacy keys {@code rope_theta} and {@code
 * rope_scaling} are written since old and new readers understand them (llama.cpp's converter only
 * them); {@code rope_parameters} beside them where transformers 5 reads them wrongly; and {@code
 * layer_types} explicitly, since the default there does not make the last layer full.
 */
public final class HuggingFaceConfig {
  private static final String FULL = "full_attention";
  private static final String SLIDING = "sliding_attention";
  private static final List<String> FAMILIES =
      List.of("olmo2", "olmo3", HuggingFaceExperts.FLEX, HuggingFaceExperts.SLIDING);

  private HuggingFaceConfig() {}

  /** The file's tree, without the ids of special tokens, which the tokenizer knows. */
  public static Map<String, @Nullable Object> write(ModelConfig model) {
    Map<String, @Nullable Object> config = new LinkedHashMap<>();
    config.put("architectures", List.of("Olmo3ForCausalLM"));
    config.put("model_type", "olmo3");
    config.put("attention_bias", false);
    config.put("attention_dropout", 0.0);
    config.put("bos_token_id", null);
    if (model.queryWidth() != model.width()) {
      config.put("head_dim", model.headSize());
    }
    config.put("hidden_act", "silu");
    config.put("hidden_size", model.width());
    config.put("initializer_range", 0.02);
    config.put("intermediate_size", model.feedForward());
    config.put("layer_types", layerTypes(model));
    config.put("max_position_embeddings", model.context());
    config.put("num_attention_heads", model.heads());
    config.put("num_hidden_layers", model.layers());
    config.put("num_key_value_heads", model.keyValueHeads());
    config.put("rms_norm_eps", ModelConfig.EPSILON);
    config.put("rope_theta", model.ropeBase());
    config.put("rope_scaling", HuggingFaceRope.scaling(model.yarn()));
    if (HuggingFaceRope.isMisreadFromLegacyKeys(model)) {
      config.put("rope_parameters", HuggingFaceRope.parameters(model));
    }
    config.put("sliding_window", slidingWindow(model));
    config.put("tie_word_embeddings", model.tied());
    config.put("dtype", "float32");
    config.put("transformers_version", "4.57.1");
    config.put("use_cache", true);
    config.put("vocab_size", model.vocabulary());
    Experts experts = model.experts();
    if (experts != null) {
      HuggingFaceExperts.write(model, experts, config);
    }
    return config;
  }

  /**
   * The model of a tree: one that {@link #write} made, or any other of {@code Olmo2Config}, {@code
   * Olmo3Config} or {@code FlexOlmoConfig} that this engine computes exactly.
   *
   * @throws IllegalArgumentException naming the key whose value is missing or means another model
   */
  public static ModelConfig read(JsonNode config) {
    ConfigKeys keys = new ConfigKeys(config);
    keys.requireText("model_type", FAMILIES);
    keys.requireText("hidden_act", List.of("silu"));
    keys.requireIfSet("attention_bias", false);
    keys.requireNumber("rms_norm_eps", ModelConfig.EPSILON);
    int width = keys.whole("hidden_size");
    int heads = keys.whole("num_attention_heads");
    List<String> types = layerTypes(keys);
    HuggingFaceRope rope = HuggingFaceRope.read(config, types.contains(SLIDING));
    ModelConfig model =
        new ModelConfig(
            types.size(),
            width,
            heads,
            keys.whole("num_key_value_heads", heads),
            keys.whole("head_dim", width / heads),
            keys.whole("intermediate_size"),
            keys.whole("vocab_size"),
            keys.whole("max_position_embeddings"),
            types.contains(SLIDING) ? keys.whole("sliding_window") : 0,
            rope.base(),
            rope.yarn(),
            config.path("tie_word_embeddings").asBoolean(false),
            HuggingFaceExperts.read(keys));
    requireTypes(types, layerTypes(model));
    return model;
  }

  /** Each layer's type; without the key that of the class's default. */
  private static List<String> layerTypes(ConfigKeys keys) {
    int layers = keys.whole("num_hidden_layers");
    String family = keys.text("model_type");
    boolean slides = family.equals("olmo3");
    // FlexOlmo's class does not look at the key.
    List<String> types =
        family.equals(HuggingFaceExperts.FLEX) ? List.of() : keys.texts("layer_types");
    if (types.isEmpty()) {
      types = new ArrayList<>();
      for (int layer = 0; layer < layers; layer++) {
        types.add(slides && (layer + 1) % 4 != 0 ? SLIDING : FULL);
      }
    }
    if (types.size() != layers) {
      throw new IllegalArgumentException(
          "config.json has %d layer_types for num_hidden_layers %d"
              .formatted(types.size(), layers));
    }
    return types;
  }

  private static void requireTypes(List<String> given, List<String> computed) {
    for (int layer = 0; layer < given.size(); layer++) {
      if (!given.get(layer).equals(computed.get(layer))) {
        throw new IllegalArgumentException(
            "config.json makes layer %d %s: this engine computes every fourth layer and the last"
                    .formatted(layer, given.get(layer))
                + " as full_attention and all others as sliding_attention, or all as full_attention");
      }
    }
  }

  private static List<String> layerTypes(ModelConfig model) {
    List<String> types = new ArrayList<>();
    for (int layer = 0; layer < model.layers(); layer++) {
      types.add(model.isFull(layer) ? FULL : SLIDING);
    }
    return types;
  }

  /**
   * Hugging Face's class needs a window even where no layer slides; the context is then as good.
   */
  private static int slidingWindow(ModelConfig model) {
    return model.slidingWindow() == 0 ? model.context() : model.slidingWindow();
  }
}
