package dev.modelflow.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelflow.recipe.Recipe;
import dev.modelflow.recipe.RecipeException;
import dev.modelflow.recipe.SampleRecipe;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ReleaseKeysTest {
  private static Map<String, @Nullable Object> released(String keys) {
    String recipe =
        SampleRecipe.YAML.replace(
            "release:\n    from: rlvr", "release:\n    from: rlvr\n    " + keys);
    return Plan.of(Recipe.parse(recipe, "recipe.yaml")).flow().stage("release").parameters();
  }

  /** Else every release from before would be another work than an equal one of today. */
  @Test
  void whatTheRecipeDoesNotSayIsNoParameter() {
    assertThat(released("")).containsOnlyKeys("title", "licence");
  }

  @Test
  void typeAndSizeOfTheFilesAreParameters() {
    assertThat(released("dtype: bf16\n    shardBytes: 2.0e9"))
        .containsEntry("dtype", "bf16")
        .containsEntry("shardBytes", 2_000_000_000L);
  }

  @Test
  void otherTypesAreRefused() {
    assertRefused("dtype: bfloat16", "expected one of: float32, bf16, found the text 'bfloat16'");
    assertRefused("dtype: f16", "expected one of: float32, bf16, found the text 'f16'");
  }

  /** Such as the 5 of somebody who thinks of gigabytes. */
  @Test
  void filesOfHardlyAnyBytesAreRefused() {
    assertRefused("shardBytes: 5", "expected a whole number of at least 1000000, found 5");
    assertRefused(
        "shardBytes: 5GB", "expected a whole number of at least 1000000, found the text '5GB'");
  }

  private static void assertRefused(String key, String sentence) {
    assertThatThrownBy(() -> released(key))
        .isInstanceOf(RecipeException.class)
        .hasMessageContaining(sentence);
  }
}
