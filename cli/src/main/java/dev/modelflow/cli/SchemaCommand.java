package dev.modelflow.cli;

import dev.modelflow.recipe.RecipeSchema;
import picocli.CommandLine.Command;

@Command(
    name = "schema",
    description = "Prints the JSON Schema of recipes, for editors.",
    footer = {"", "Example: modelflow schema > recipe.schema.json"})
final class SchemaCommand extends Base {
  @Override
  public Integer call() {
    out().print(RecipeSchema.json());
    out().flush();
    return 0;
  }
}
