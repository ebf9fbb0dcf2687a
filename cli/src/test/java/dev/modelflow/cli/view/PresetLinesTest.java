package dev.modelflow.cli.view;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelflow.recipe.Recipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PresetLinesTest {
  private static Recipe smoke() throws IOException {
    return Recipe.parse(Files.readString(Path.of("..", "recipes", "smoke.yaml")), "smoke.yaml");
  }

  @Test
  void saysWhatAStageTakesAndWhatItHasOfItsOwn() throws IOException {
    Recipe recipe = smoke().withOverrides(Map.of("midtrain.preset", "olmo3-7b-paper"));
    assertThat(PresetLines.render(recipe))
        .anySatisfy(
            line ->
                assertThat(line)
                    .startsWith("midtrain, preset olmo3-7b-paper: takes ")
                    .contains("skipStep {deviations:6,window:128}", "finalLearningRate 0"))
        .anySatisfy(
            line ->
                assertThat(line)
                    .startsWith("midtrain, preset olmo3-7b-paper: has its own in the place of ")
                    .contains("steps 47684", "learningRate 2.074E-4"))
        .hasSize(2);
  }

  @Test
  void saysNothingWhereNoPresetIsNamed() throws IOException {
    assertThat(PresetLines.render(smoke())).isEmpty();
  }
}
