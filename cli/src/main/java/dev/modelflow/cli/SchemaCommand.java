package dev.modelflow.cli;

import dev.modelflow.recipe.RecipeReference;
import dev.modelflow.recipe.RecipeSchema;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "schema",
    description = "Prints the JSON Schema of recipes, for editors, or the reference of their keys.",
    footer = {"", "Example: modelflow schema > recipe.schema.json"})
final class SchemaCommand extends Base {
  @Option(names = "--reference", description = "Print every key with its default, as Markdown.")
  private boolean reference;

  @Override
  public Integer call() {
    out().print(reference ? RecipeReference.markdown() : RecipeSchema.json());
    out().flush();
    return 0;
  }
}
