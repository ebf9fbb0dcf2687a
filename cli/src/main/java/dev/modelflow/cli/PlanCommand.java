package dev.modelflow.cli;

import dev.modelflow.cli.client.Api;
import dev.modelflow.cli.client.ApiException;
import dev.modelflow.cli.view.PlanTable;
import dev.modelflow.cli.view.PresetLines;
import dev.modelflow.domain.StagePlan;
import dev.modelflow.plan.Cost;
import dev.modelflow.plan.Plan;
import dev.modelflow.recipe.PresetUse;
import dev.modelflow.recipe.Recipe;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

@Command(
    name = "plan",
    description = {
      "Shows what a recipe would do: stages, parameters, tokens, FLOPs.",
      "Where a server is named or this machine's own stack is up, also what of it would be reused.",
      "Starts nothing."
    },
    footer = {
      "",
      "Example: modelflow plan recipes/tiny.yaml",
      "Example: modelflow plan recipes/tiny.yaml --server http://localhost:7070 --token-file FILE"
    })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class PlanCommand extends Asking {
  @Parameters(paramLabel = "RECIPE", description = "The recipe's file.")
  private Path file;

  @Option(names = "--set", paramLabel = "STAGE.KEY=VALUE", description = "Change a key.")
  private @Nullable List<String> settings;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Override
  public Integer call() {
    Recipe recipe = Recipe.parse(read(file), file.toString()).withOverrides(overrides(settings));
    Plan plan = Plan.of(recipe);
    Map<String, String> reuse = reuse(recipe);
    if (json) {
      sayJson(tree(recipe, plan, reuse));
    } else {
      PlanTable.render(plan, reuse).forEach(this::say);
      PresetLines.render(recipe).forEach(this::say);
      say("Tokens are upper bounds where documents decide. FLOPs: 6·N·T and attention;");
      say("N leaves out the embedding table. Recipe " + recipe.digest().brief());
    }
    return 0;
  }

  /** What the server says would be reused; nothing where none is named or up. */
  private Map<String, String> reuse(Recipe recipe) {
    Map<String, String> reuse = new LinkedHashMap<>();
    Optional<Server> server = serverIfUp();
    if (server.isPresent()) {
      try {
        JsonNode answer =
            server
                .get()
                .api()
                .post(
                    Api.path("plan"),
                    Map.of("recipe", recipe.source(), "overrides", recipe.overrides()));
        for (JsonNode stage : answer.path("stages")) {
          if (stage.path("reused").asBoolean(false)) {
            reuse.put(text(stage, "name"), "reused");
          }
        }
      } catch (ApiException unavailable) {
        err().println("What would be reused is unknown: " + unavailable.getMessage());
        err().flush();
      }
    }
    return reuse;
  }

  private static Map<String, Object> tree(Recipe recipe, Plan plan, Map<String, String> reuse) {
    List<Map<String, Object>> stages = new ArrayList<>();
    for (StagePlan stage : plan.flow().stages()) {
      Cost cost = plan.costs().getOrDefault(stage.name(), Cost.NONE);
      Map<String, Object> each = new LinkedHashMap<>();
      each.put("name", stage.name());
      each.put("kind", stage.kind().word());
      each.put("pool", stage.pool());
      each.put("seed", stage.seed());
      each.put("after", stage.after());
      each.put("inputs", stage.inputs());
      each.put("parameters", stage.parameters());
      each.put("modelParameters", cost.parameters());
      each.put("activeModelParameters", cost.activeParameters());
      each.put("tokens", cost.tokens());
      each.put("flops", cost.flops());
      each.put("reused", reuse.containsKey(stage.name()));
      recipe
          .stage(stage.name())
          .flatMap(PresetUse::of)
          .ifPresent(
              use ->
                  each.put(
                      "preset",
                      Map.of(
                          "name", use.preset(), "taken", use.taken(), "changed", use.changed())));
      stages.add(each);
    }
    return Map.of("recipe", recipe.digest().hex(), "stages", stages);
  }
}
