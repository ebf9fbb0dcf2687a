package dev.modelflow.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelflow.domain.StageInput;
import dev.modelflow.domain.StagePlan;
import dev.modelflow.recipe.Recipe;
import dev.modelflow.recipe.RecipeException;
import dev.modelflow.recipe.SampleRecipe;
import org.junit.jupiter.api.Test;

class TokenizerKeysTest {
  private static final String IMPORTED =
      """
      stages:
        base:
          kind: import
          folder: /models/toy
          files:
            - {name: config.json, sha256: %1$s}
            - {name: tokenizer.json, sha256: %1$s}
            - {name: model.safetensors, sha256: %1$s}
      """
          .formatted("0".repeat(64));

  private static StagePlan curate(String recipe) {
    return Plan.of(Recipe.parse(recipe, "recipe.yaml")).flow().stage("curate");
  }

  private static String with(String key) {
    return SampleRecipe.YAML.replace(
        "curate:\n    synthetic", "curate:\n    " + key + "\n    synthetic");
  }

  @Test
  void aPublishedTokenizerIsAParameter() {
    String wide = with("tokenizer: dolma2").replace("vocabulary: 512", "vocabulary: 100352");
    assertThat(curate(wide).parameters()).containsEntry("tokenizer", "dolma2");
    assertThat(curate(SampleRecipe.YAML).parameters()).doesNotContainKey("tokenizer");
  }

  @Test
  void anImportedModelsTokenizerIsAnInput() {
    String recipe = with("tokenizerOf: base").replace("stages:\n", IMPORTED);
    assertThat(curate(recipe).inputs())
        .containsEntry("tokenizer", new StageInput("base", "tokenizer", null));
    assertThat(curate(recipe).parameters()).doesNotContainKey("tokenizerOf");
  }

  @Test
  void aModelThatIsTooNarrowIsRefused() {
    assertThatThrownBy(() -> curate(with("tokenizer: dolma2")))
        .isInstanceOf(RecipeException.class)
        .hasMessageContaining(
            "dolma2 has 100278 tokens and the model's vocabulary is 512: set model.vocabulary to"
                + " 100278, or to 100352 as Olmo 3 does");
  }

  @Test
  void twoTokenizersAreRefused() {
    String wide =
        with("tokenizer: dolma2\n    tokenizerOf: base")
            .replace("vocabulary: 512", "vocabulary: 100352")
            .replace("stages:\n", IMPORTED);
    assertThatThrownBy(() -> curate(wide))
        .isInstanceOf(RecipeException.class)
        .hasMessageContaining("'tokenizer' and 'tokenizerOf' are two tokenizers: set one of them");
  }
}
