package dev.modelflow.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelflow.recipe.Recipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShippedRecipesTest {
  @ParameterizedTest
  @CsvSource({"smoke, 15", "sparse, 15", "tiny, 15", "soup, 30"})
  void everyRecipeThatComesAlongCanBePlanned(String name, int stages) throws IOException {
    Path file = Path.of("..", "recipes", name + ".yaml");
    Plan plan = Plan.of(Recipe.parse(Files.readString(file), file.toString()));
    assertThat(plan.flow().name()).isEqualTo(name);
    assertThat(plan.flow().stages()).hasSize(stages);
  }
}
