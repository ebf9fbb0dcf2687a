package dev.modelflow.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelflow.recipe.Recipe;
import dev.modelflow.recipe.SampleRecipe;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LicencesTest {
  private static String imported(String name, String says) {
    return """
        %1$s:
          kind: import
          folder: /models/%1$s
          %2$s
          files:
            - {name: config.json, sha256: %3$s}
            - {name: tokenizer.json, sha256: %3$s}
            - {name: model.safetensors, sha256: %3$s}
        """
        .formatted(name, says, "0".repeat(64))
        .indent(2);
  }

  /** Whose midtrain goes on from that stage. */
  private static String recipe(String from, String stages) {
    return SampleRecipe.YAML
        .replace("from: pretrain\n", "from: " + from + "\n")
        .replace("  midtrain:\n", stages + "  midtrain:\n");
  }

  private static @Nullable Object released(String recipe) {
    return Plan.of(Recipe.parse(recipe, "recipe.yaml"))
        .flow()
        .stage("release")
        .parameters()
        .get("licence");
  }

  @Test
  void aReleaseHasTheLicenceOfTheModelThatItGoesOnFrom() {
    String recipe = recipe("one", imported("one", "licence: MIT"));
    assertThat(released(recipe)).isEqualTo("MIT");
    assertThat(released(recipe.replace("from: rlvr", "from: rlvr\n    licence: CC-BY-4.0")))
        .isEqualTo("CC-BY-4.0");
  }

  /** Its weights are not in what is released. */
  @Test
  void anImportBesideTheModelHasNoSay() {
    assertThat(released(recipe("pretrain", imported("one", "licence: MIT"))))
        .isEqualTo("Apache-2.0");
  }

  @Test
  void theMeanOfModelsWithSeveralLicencesHasAnother() {
    String one = imported("one", "licence: MIT");
    String soup = "  soup: {kind: merge, from: [one, two]}\n";
    String other = imported("two", "licence: Apache-2.0");
    assertThat(released(recipe("soup", one + other + soup))).isEqualTo("other");
    String silent = imported("two", "model: a/b");
    assertThat(released(recipe("soup", one + silent + soup))).isEqualTo("MIT");
  }

  @Test
  void whereNoneIsSaidItIsApaches() {
    assertThat(released(SampleRecipe.YAML)).isEqualTo("Apache-2.0");
    assertThat(released(recipe("one", imported("one", "model: a/b")))).isEqualTo("Apache-2.0");
  }
}
