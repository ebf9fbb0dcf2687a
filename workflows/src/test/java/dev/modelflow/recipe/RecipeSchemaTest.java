package dev.modelflow.recipe;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class RecipeSchemaTest {
  private static final Path PUBLISHED = Path.of("..", "docs", "recipe.schema.json");

  @Test
  void thePublishedSchemaIsTheOneThatTheTablesMake() throws IOException {
    assertThat(Files.readString(PUBLISHED))
        .as("write it anew with: modelflow schema > docs/recipe.schema.json")
        .isEqualTo(RecipeSchema.json());
  }

  @Test
  void thePublishedReferenceIsTheOneThatTheTablesMake() throws IOException {
    assertThat(Files.readString(Path.of("..", "docs", "recipe-keys.md")))
        .as("write it anew with: modelflow schema --reference > docs/recipe-keys.md")
        .isEqualTo(RecipeReference.markdown());
  }
}
