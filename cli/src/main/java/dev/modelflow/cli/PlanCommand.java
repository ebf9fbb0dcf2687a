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
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

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
    Optional<Set<String>> reused = reused(recipe);
    if (json) {
      sayJson(tree(recipe, plan, reused));
    } else {
      PlanTable.render(plan, reused.orElse(Set.of())).forEach(this::say);
      PresetLines.render(recipe).forEach(this::say);
      say("Tokens are upper bounds where documents decide. FLOPs: 6·N·T and attention;");
      say("N leaves out the embedding table. Recipe " + recipe.digest().brief());
    }
    return 0;
  }

  /** The stages that the server says would be reused; empty where none was there to say so. */
  private Optional<Set<String>> reused(Recipe recipe) {
    try {
      return serverIfUp().map(server -> reused(server.api(), recipe));
    } catch (ApiException unavailable) {
      tell("What would be reused is unknown: " + unavailable.getMessage());
      return Optional.empty();
    }
  }

  private static Set<String> reused(Api api, Recipe recipe) {
    return api.post(
            Api.path("plan"), Map.of("recipe", recipe.source(), "overrides", recipe.overrides()))
        .path("stages")
        .valueStream()
        .filter(stage -> stage.path("reused").asBoolean(false))
        .map(stage -> text(stage, "name"))
        .collect(Collectors.toSet());
  }

  private static Map<String, Object> tree(Recipe recipe, Plan plan, Optional<Set<String>> reused) {
    List<Map<String, Object>> all = new ArrayList<>();
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
      // Not there where it is not known, which is something else than no.
      reused.ifPresent(stages -> each.put("reused", stages.contains(stage.name())));
      recipe
          .stage(stage.name())
          .flatMap(PresetUse::of)
          .ifPresent(
              use ->
                  each.put(
                      "preset",
                      Map.of(
                          "name", use.preset(), "taken", use.taken(), "changed", use.changed())));
      all.add(each);
    }
    return Map.of("recipe", recipe.digest().hex(), "stages", all);
  }
}
