package dev.modelflow.engine.checkpoint;

import dev.modelflow.engine.model.ModelConfig;
import dev.modelflow.engine.model.Yarn;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Rotary positions in {@code config.json}: the legacy pair {@code rope_theta} and {@code
 * rope_scaling}, or {@code rope_parameters} since transformers 5, which holds either the same flat
 * or a block for each type of layer.
 *
 * @param base of the frequencies, the same in all layers
 * @param yarn of the full layers, if any
 */
record HuggingFaceRope(double base, @Nullable Yarn yarn) {
  private static final String PARAMETERS = "rope_parameters";
  private static final String TYPE = "rope_type";
  private static final String BASE = "rope_theta";
  private static final double DEFAULT_BASE = 500_000;
  private static final String ORIGINAL = "original_max_position_embeddings";
  private static final List<String> TYPES = List.of("default", "yarn");

  /** The value of {@code rope_scaling}. */
  static @Nullable Map<String, Object> scaling(@Nullable Yarn yarn) {
    if (yarn == null) {
      return null;
    }
    Map<String, Object> scaling = new LinkedHashMap<>();
    scaling.put(TYPE, "yarn");
    scaling.put("factor", yarn.factor());
    scaling.put(ORIGINAL, yarn.originalContext());
    scaling.put("beta_fast", Yarn.BETA_FAST);
    scaling.put("beta_slow", Yarn.BETA_SLOW);
    scaling.put("attention_factor", yarn.attentionFactor());
    return scaling;
  }

  /**
   * Whether transformers 5 computes another model from the legacy keys alone: it gives their base
   * to full layers only and its own default to sliding ones.
   */
  static boolean isMisreadFromLegacyKeys(ModelConfig model) {
    return model.slidingWindow() > 0 && model.ropeBase() != DEFAULT_BASE;
  }

  /** The value of {@code rope_parameters}, with a block for each type of layer. */
  static Map<String, Object> parameters(ModelConfig model) {
    Map<String, Object> full = new LinkedHashMap<>();
    full.put(TYPE, "default");
    Map<String, Object> scaling = scaling(model.yarn());
    if (scaling != null) {
      full.putAll(scaling);
    }
    full.put(BASE, model.ropeBase());
    Map<String, Object> sliding = Map.of(TYPE, "default", BASE, model.ropeBase());
    return Map.of("full_attention", full, "sliding_attention", sliding);
  }

  static HuggingFaceRope read(JsonNode config, boolean slides) {
    JsonNode parameters = config.path(PARAMETERS);
    if (!parameters.isObject()) {
      return of(config, config.path("rope_scaling"));
    }
    JsonNode full = parameters.path("full_attention");
    if (!full.isObject()) {
      return of(parameters.hasNonNull(BASE) ? parameters : config, parameters);
    }
    HuggingFaceRope rope = of(full, full);
    if (slides) {
      requirePlain(parameters.path("sliding_attention"), rope.base());
    }
    return rope;
  }

  private static HuggingFaceRope of(JsonNode base, JsonNode scaling) {
    return new HuggingFaceRope(new ConfigKeys(base).number(BASE), yarn(scaling));
  }

  private static void requirePlain(JsonNode sliding, double base) {
    ConfigKeys keys = new ConfigKeys(sliding);
    keys.requireText(TYPE, List.of("default"));
    keys.requireNumber(BASE, base);
  }

  private static @Nullable Yarn yarn(JsonNode scaling) {
    if (!scaling.isObject()) {
      return null;
    }
    ConfigKeys keys = new ConfigKeys(scaling);
    // Written by versions of transformers before 4.43.
    String key = scaling.hasNonNull(TYPE) ? TYPE : "type";
    keys.requireText(key, TYPES);
    if (keys.text(key).equals("default")) {
      return null;
    }
    Yarn yarn = new Yarn(keys.number("factor"), keys.whole(ORIGINAL));
    keys.requireIfSet("truncate", true);
    keys.requireNumberIfSet("beta_fast", Yarn.BETA_FAST);
    keys.requireNumberIfSet("beta_slow", Yarn.BETA_SLOW);
    keys.requireNumberIfSet("attention_factor", yarn.attentionFactor());
    return yarn;
  }
}
