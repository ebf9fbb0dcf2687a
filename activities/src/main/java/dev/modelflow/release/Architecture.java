package dev.modelflow.release;

import tools.jackson.databind.JsonNode;

/**
 * What a card says of a model's architecture.
 *
 * @param experts of a block; 0: none
 * @param perToken experts that each token goes to
 * @param isKnownToTransformers whether transformers has a class that computes it
 */
record Architecture(int experts, int perToken, boolean isKnownToTransformers) {
  /** The architecture of a checkpoint's {@code config.json}. */
  static Architecture of(JsonNode config) {
    return new Architecture(
        config.path("num_experts").asInt(0),
        config.path("num_experts_per_tok").asInt(0),
        !config.path("model_type").asString("").startsWith("modelflow_"));
  }

  /** To complete "A small language model of ...". */
  String words() {
    return experts == 0
        ? "Olmo 3's architecture"
        : "Olmo 3's architecture with %d experts a block, %d of them for each token"
            .formatted(experts, perToken);
  }
}
