package dev.modelflow.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelflow.recipe.Recipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShippedRecipesTest {
  @ParameterizedTest
  @ValueSource(strings = {"smoke", "sparse", "tiny"})
  void everyRecipeThatComesAlongCanBePlanned(String name) throws IOException {
    Path file = Path.of("..", "recipes", name + ".yaml");
    Plan plan = Plan.of(Recipe.parse(Files.readString(file), file.toString()));
    assertThat(plan.flow().name()).isEqualTo(name);
    assertThat(plan.flow().stages()).hasSize(15);
  }
}
