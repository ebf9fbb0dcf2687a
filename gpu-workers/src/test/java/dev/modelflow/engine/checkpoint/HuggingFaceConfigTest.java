package dev.modelflow.engine.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelflow.domain.CanonicalJson;
import dev.modelflow.engine.model.ModelConfig;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class HuggingFaceConfigTest {
  private static final ModelConfig MODEL =
      new ModelConfig(5, 128, 4, 352, 2048, 128, 64, 10_000, null);

  private static JsonNode written(ModelConfig model) {
    return JsonMapper.shared().readTree(CanonicalJson.write(HuggingFaceConfig.write(model)));
  }

  @Test
  void aModelIsReadAsItWasWritten() {
    ModelConfig full = new ModelConfig(2, 16, 2, 24, 300, 32, 0, 500_000, null);
    for (ModelConfig model : new ModelConfig[] {MODEL, MODEL.extended(4), full}) {
      assertThat(HuggingFaceConfig.read(written(model))).isEqualTo(model);
    }
  }

  @Test
  void theLegacyRopeKeysAndEveryLayersTypeAreSpelledOut() {
    JsonNode config = written(MODEL.extended(4));
    assertThat(config.path("architectures").path(0).asString()).isEqualTo("Olmo3ForCausalLM");
    assertThat(config.path("rope_theta").asInt()).isEqualTo(10_000);
    assertThat(config.path("rope_scaling").path("rope_type").asString()).isEqualTo("yarn");
    assertThat(config.path("rope_scaling").path("factor").asDouble()).isEqualTo(4);
    assertThat(config.path("rope_scaling").path("original_max_position_embeddings").asInt())
        .isEqualTo(128);
    assertThat(config.path("max_position_embeddings").asInt()).isEqualTo(512);
    assertThat(config.path("sliding_window").asInt()).isEqualTo(64);
    assertThat(config.path("layer_types").valueStream().map(JsonNode::asString))
        .containsExactly(
            "sliding_attention",
            "sliding_attention",
            "sliding_attention",
            "full_attention",
            "full_attention");
  }
}
