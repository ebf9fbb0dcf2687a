package dev.modelflow.engine.gguf;

import dev.modelflow.engine.model.ModelConfig;
import dev.modelflow.engine.model.Yarn;
import dev.modelflow.text.GenerationConfig;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;

/** What llama.cpp must know of a model beside its weights. */
final class GgufMetadata {
  /** llama.cpp's one name for Olmo 2 and Olmo 3. */
  private static final String ARCHITECTURE = "olmo2";

  private static final int QUANTIZATION_VERSION = 2;

  private GgufMetadata() {}

  static Map<String, Object> of(ModelConfig model, String name, GgufType type) {
    Map<String, Object> metadata = new LinkedHashMap<>();
    metadata.put("general.architecture", ARCHITECTURE);
    metadata.put("general.type", "model");
    metadata.put("general.name", name);
    metadata.put("general.file_type", type.fileType());
    metadata.put("general.quantization_version", QUANTIZATION_VERSION);
    metadata.put(key("block_count"), model.layers());
    metadata.put(key("context_length"), model.context());
    metadata.put(key("embedding_length"), model.width());
    metadata.put(key("feed_forward_length"), model.feedForward());
    metadata.put(key("attention.head_count"), model.heads());
    metadata.put(key("attention.head_count_kv"), model.keyValueHeads());
    metadata.put(key("attention.key_length"), model.headSize());
    metadata.put(key("attention.value_length"), model.headSize());
    metadata.put(key("attention.layer_norm_rms_epsilon"), (float) ModelConfig.EPSILON);
    metadata.put(key("vocab_size"), model.vocabulary());
    positions(model, metadata);
    return metadata;
  }

  /**
   * How answers are drawn, where the model says it; llama.cpp draws otherwise by itself.
   *
   * @param taken see {@link GenerationConfig#taken}
   */
  static Map<String, Object> sampling(Map<String, Object> taken) {
    Map<String, Object> metadata = new LinkedHashMap<>();
    if (Boolean.FALSE.equals(taken.get("do_sample"))) {
      metadata.put("general.sampling.temp", 0f);
    } else if (taken.get("temperature") instanceof Number temperature) {
      metadata.put("general.sampling.temp", temperature.floatValue());
    }
    if (taken.get("top_k") instanceof Number most) {
      metadata.put("general.sampling.top_k", most.intValue());
    }
    if (taken.get("top_p") instanceof Number share) {
      metadata.put("general.sampling.top_p", share.floatValue());
    }
    if (!metadata.isEmpty()) {
      metadata.put("general.sampling.min_p", 0f);
    }
    return metadata;
  }

  private static void positions(ModelConfig model, Map<String, Object> metadata) {
    metadata.put(key("rope.dimension_count"), model.headSize());
    metadata.put(key("rope.freq_base"), (float) model.ropeBase());
    if (model.slidingWindow() > 0) {
      metadata.put(key("attention.sliding_window"), model.slidingWindow());
      metadata.put(
          key("attention.sliding_window_pattern"),
          IntStream.range(0, model.layers()).mapToObj(layer -> !model.isFull(layer)).toList());
    }
    Yarn yarn = model.yarn();
    if (yarn != null) {
      // No attn_factor: llama.cpp multiplies it with 0.1 ln(factor) + 1, which is Olmo's already.
      metadata.put(key("rope.scaling.type"), "yarn");
      metadata.put(key("rope.scaling.factor"), (float) yarn.factor());
      metadata.put(key("rope.scaling.original_context_length"), yarn.originalContext());
    }
  }

  private static String key(String rest) {
    return ARCHITECTURE + "." + rest;
  }
}
