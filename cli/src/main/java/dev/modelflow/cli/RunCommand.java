package dev.modelflow.cli;

import dev.modelflow.cli.client.Api;
import dev.modelflow.recipe.Recipe;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
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
final class RunCommand extends Following {
  @Parameters(paramLabel = "RECIPE", description = "The recipe's file.")
  private Path file;

  @Option(names = "--name", description = "What to call the run; without it, the recipe's name.")
  private @Nullable String name;

  @Option(names = "--set", paramLabel = "STAGE.KEY=VALUE", description = "Change a key.")
  private @Nullable List<String> settings;

  @Option(
      names = {"-d", "--detach"},
      description = "Start the run, print its id, and return.")
  private boolean detach;

  @Override
  public Integer call() throws IOException, InterruptedException {
    String source = read(file);
    // Checked here first: a wrong recipe should start nothing, not even the stack.
    Map<String, @Nullable Object> overrides = overrides(settings);
    Recipe.parse(source, file.toString()).withOverrides(overrides);
    Server server = serverUp();
    Map<String, @Nullable Object> body = new LinkedHashMap<>();
    body.put("recipe", source);
    body.put("overrides", overrides);
    if (name != null) {
      body.put("name", name);
    }
    String id = text(server.api().post(Api.path("runs"), body), "id");
    if (detach) {
      say(id);
      return 0;
    }
    say("Run " + id + " of " + file + "   " + server.page(id));
    return follow(server, id);
  }
}
