package dev.modelflow.engine.checkpoint;

import static dev.modelflow.engine.model.OtherShapes.withHeadSize;
import static dev.modelflow.engine.model.OtherShapes.withTiedHead;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelflow.domain.CanonicalJson;
import dev.modelflow.engine.model.Experts;
import dev.modelflow.engine.model.ModelConfig;
import dev.modelflow.engine.model.Yarn;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class HuggingFaceConfigTest {
  private static final ModelConfig MODEL =
      new ModelConfig(5, 128, 4, 352, 2048, 128, 64, 10_000, null);

  private static final List<ModelConfig> MODELS =
      List.of(
          MODEL,
          MODEL.extended(4),
          withTiedHead(withHeadSize(MODEL.withKeyValueHeads(2), 64)),
          new ModelConfig(2, 16, 2, 24, 300, 32, 0, 500_000, null));

  private static JsonNode written(ModelConfig model) {
    return JsonMapper.shared().readTree(CanonicalJson.write(HuggingFaceConfig.write(model)));
  }

  @Test
  void aModelIsReadAsItWasWritten() {
    for (ModelConfig model : MODELS) {
      assertThat(HuggingFaceConfig.read(written(model))).isEqualTo(model);
    }
  }

  @Property(tries = 300)
  void everyModelIsReadAsItWasWritten(
      @ForAll @IntRange(min = 1, max = 9) int layers,
      @ForAll @IntRange(min = 1, max = 4) int shared,
      @ForAll @IntRange(min = 1, max = 4) int groups,
      @ForAll @IntRange(min = 1, max = 8) int halfHead,
      @ForAll @IntRange(max = 64) int window,
      @ForAll @DoubleRange(min = 2, max = 1e7) double base,
      @ForAll @IntRange(min = 1, max = 64) int factor,
      @ForAll boolean tied,
      @ForAll @IntRange(max = 9) int experts) {
    ModelConfig model =
        new ModelConfig(
            layers,
            16,
            shared * groups,
            groups,
            2 * halfHead,
            24,
            300,
            64 * factor,
            layers == 1 ? 0 : window,
            base,
            factor == 1 ? null : new Yarn(factor, 64),
            tied,
            experts < 2 ? null : new Experts(experts, 1 + experts / 3, 0.01, experts * 1e-3));
    assertThat(HuggingFaceConfig.read(written(model))).isEqualTo(model);
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

  @Test
  void olmo2sConfigIsOfAModelWithoutAWindow() {
    ObjectNode config = tree(MODEL);
    config.put("model_type", "olmo2");
    config.remove(
        List.of("layer_types", "sliding_window", "num_key_value_heads", "rope_parameters"));
    assertThat(HuggingFaceConfig.read(config))
        .isEqualTo(new ModelConfig(5, 128, 4, 352, 2048, 128, 0, 10_000, null));
  }

  @Test
  void ropeParametersOfNewerVersionsAreUnderstood() {
    ObjectNode nested = tree(MODEL.extended(4));
    JsonNode scaling = nested.remove("rope_scaling");
    nested.remove("rope_theta");
    ObjectNode full = nested.putObject("rope_parameters").putObject("full_attention");
    full.setAll((ObjectNode) scaling).put("rope_theta", 10_000.0);
    ObjectNode sliding =
        ((ObjectNode) nested.path("rope_parameters")).putObject("sliding_attention");
    sliding.put("rope_type", "default").put("rope_theta", 10_000.0);
    assertThat(HuggingFaceConfig.read(nested)).isEqualTo(MODEL.extended(4));

    sliding.put("rope_type", "yarn");
    assertThatThrownBy(() -> HuggingFaceConfig.read(nested))
        .hasMessage("config.json has rope_type \"yarn\": expected default");
  }

  @Test
  void aBaseThatTransformersWouldGiveToFullLayersOnlyIsSpelledOutForEachType() {
    assertThat(
            written(new ModelConfig(5, 16, 2, 24, 300, 32, 8, 500_000, null))
                .has("rope_parameters"))
        .isFalse();
    JsonNode parameters = written(MODEL.extended(4)).path("rope_parameters");
    assertThat(parameters.at("/sliding_attention/rope_theta").asInt()).isEqualTo(10_000);
    assertThat(parameters.at("/sliding_attention/rope_type").asString()).isEqualTo("default");
    assertThat(parameters.at("/full_attention/rope_theta").asInt()).isEqualTo(10_000);
    assertThat(parameters.at("/full_attention/factor").asInt()).isEqualTo(4);
  }

  @Test
  void expertsMakeItFlexOlmoUnlessLayersSlide() {
    Experts experts = new Experts(8, 2, 0.02, 0.001);
    ModelConfig full = new ModelConfig(2, 16, 2, 24, 300, 32, 0, 10_000, null);
    JsonNode flex = written(full.withExperts(experts));
    assertThat(flex.path("model_type").asString()).isEqualTo("flex_olmo");
    assertThat(flex.path("architectures").path(0).asString()).isEqualTo("FlexOlmoForCausalLM");
    assertThat(flex.path("num_experts").asInt()).isEqualTo(8);
    assertThat(flex.path("num_experts_per_tok").asInt()).isEqualTo(2);
    assertThat(flex.path("norm_topk_prob").asBoolean()).isFalse();
    assertThat(flex.path("router_aux_loss_coef").asDouble()).isEqualTo(0.02);
    // Its config class refuses whole numbers here.
    String off =
        CanonicalJson.write(HuggingFaceConfig.write(full.withExperts(new Experts(2, 1, 0, 1))));
    assertThat(off).contains("\"router_aux_loss_coef\":0.0", "\"router_z_loss_coef\":1.0");
    // No class of transformers may take it for a model without a window.
    assertThat(written(MODEL.withExperts(experts)).path("model_type").asString())
        .isEqualTo("modelflow_olmo3_moe");
  }

  @Test
  void weightsOfExpertsThatAreNormedAreRefused() {
    ModelConfig sparse = MODEL.withExperts(new Experts(8, 2, 0.01, 0.001));
    ObjectNode config = tree(sparse);
    config.put("norm_topk_prob", true);
    assertThatThrownBy(() -> HuggingFaceConfig.read(config))
        .hasMessage("config.json has norm_topk_prob true: expected false");
    config.put("norm_topk_prob", false);
    config.put("num_experts_per_tok", 9);
    assertThatThrownBy(() -> HuggingFaceConfig.read(config))
        .hasMessage("model.experts.perToken is 9: use 1 to the 8 there are");
  }

  @Test
  void aLastLayerThatSlidesIsRefused() {
    ObjectNode config = tree(MODEL);
    config.remove("layer_types");
    assertThatThrownBy(() -> HuggingFaceConfig.read(config))
        .hasMessageStartingWith("config.json makes layer 4 sliding_attention: this engine");
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "model_type;\"llama\";config.json has model_type \"llama\": expected olmo2 or olmo3 or flex_olmo or modelflow_olmo3_moe",
        "hidden_size;null;config.json has hidden_size null: expected a whole number of at least 1",
        "vocab_size;-1;config.json has vocab_size -1: expected a whole number of at least 1",
        "rms_norm_eps;1e-5;config.json has rms_norm_eps 1.0E-5: expected 1.0E-6, which is what this engine computes with",
        "attention_bias;true;config.json has attention_bias true: expected false",
        "hidden_act;\"gelu\";config.json has hidden_act \"gelu\": expected silu",
        "num_key_value_heads;3;model.keyValueHeads 3 does not divide the 4 heads: change one of them",
        "rope_scaling;{\"rope_type\":\"llama3\"};config.json has rope_type \"llama3\": expected default or yarn"
      },
      delimiter = ';')
  void whatMeansAnotherModelIsRefusedByItsKey(String key, String value, String message) {
    ObjectNode config = tree(MODEL);
    config.remove("rope_parameters");
    config.set(key, JsonMapper.shared().readTree(value));
    assertThatThrownBy(() -> HuggingFaceConfig.read(config))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  private static ObjectNode tree(ModelConfig model) {
    return (ObjectNode) written(model);
  }
}
