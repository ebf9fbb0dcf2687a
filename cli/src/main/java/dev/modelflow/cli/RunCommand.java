package dev.modelflow.cli;

import dev.modelflow.cli.client.Api;
import dev.modelflow.recipe.Recipe;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "run",
    description = {
      "Runs a recipe and shows how it goes; starts the stack if none is up.",
      "Ctrl-C leaves the run running."
    },
    footer = {"", "Example: modelflow run recipes/tiny.yaml"})
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class RunCommand extends Starting {
  @Parameters(paramLabel = "RECIPE", description = "The recipe's file.")
  private Path file;

  @Option(names = "--name", description = "What to call the run; without it, the recipe's name.")
  private @Nullable String name;

  @Override
  public Integer call() throws InterruptedException {
    String source = read(file);
    // Checked here first: a wrong recipe should start nothing, not even the stack.
    Map<String, @Nullable Object> overrides = overrides();
    Recipe.parse(source, file.toString()).withOverrides(overrides);
    Server server = serverUp();
    Map<String, @Nullable Object> body = new LinkedHashMap<>();
    body.put("recipe", source);
    body.put("overrides", overrides);
    if (name != null) {
      body.put("name", name);
    }
    return start(server, Api.path("runs"), body, " of " + file);
  }
}
