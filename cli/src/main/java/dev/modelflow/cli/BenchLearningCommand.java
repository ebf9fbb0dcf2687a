package dev.modelflow.cli;

import dev.modelflow.cli.bench.Claim;
import dev.modelflow.cli.bench.Learning;
import dev.modelflow.cli.client.Api;
import dev.modelflow.cli.client.Run;
import dev.modelflow.cli.stack.StackException;
import dev.modelflow.cli.stack.StackFile;
import dev.modelflow.cli.view.Table;
import dev.modelflow.cli.view.Watch;
import dev.modelflow.domain.RunStatus;
import dev.modelflow.domain.StageKind;
import dev.modelflow.recipe.Recipe;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NoSuchElementException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

@Command(
    name = "learning",
    description = {
      "Runs a flow with several seeds, each with a control whose rewards are random,",
      "and says of every stage whether it did what it is there for.",
      "Stages that were run before are reused. Exit code 1 if an effect was not seen."
    },
    footer = {"", "Example: modelflow bench learning recipes/tiny.yaml --seeds 20,21,22"})
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class BenchLearningCommand extends Base {
  @Parameters(
      paramLabel = "RECIPE",
      arity = "0..1",
      description = "A flow with every kind of training (default: ${DEFAULT-VALUE}).")
  private Path file = Path.of("recipes/tiny.yaml");

  @Option(
      names = "--seeds",
      split = ",",
      description = "One flow for each (default: ${DEFAULT-VALUE}).")
  private List<Integer> seeds = List.of(20, 21, 22);

  @Option(names = "--json", description = "Print the claims as JSON.")
  private boolean json;

  @Override
  public Integer call() throws InterruptedException {
    String source = read(file);
    Recipe recipe = Recipe.parse(source, file.toString());
    String rewarded =
        recipe.stages().stream()
            .filter(stage -> stage.kind() == StageKind.RLVR)
            .findFirst()
            .orElseThrow(() -> new UsageException(file + " has no stage of kind rlvr"))
            .name();
    StackFile stack = stackUp();
    Api api = api(stack);
    Map<Integer, List<Claim>> found = new LinkedHashMap<>();
    for (int seed : seeds) {
      Run run = flow(api, source, seed);
      found.put(seed, claims(run, control(api, run, rewarded)));
    }
    if (json) {
      sayJson(found);
    } else {
      table(found).render().forEach(this::say);
    }
    return found.values().stream().flatMap(List::stream).allMatch(Claim::holds) ? 0 : 1;
  }

  private Run flow(Api api, String source, int seed) throws InterruptedException {
    JsonNode started =
        api.post(
            Api.path("runs"),
            Map.of("recipe", source, "overrides", Map.of("seed", seed), "name", "seed " + seed));
    return ended(api, text(started, "id"));
  }

  private Run control(Api api, Run run, String rewarded) throws InterruptedException {
    JsonNode started =
        api.post(
            Api.path("runs", run.id(), "rerun"),
            Map.of("from", rewarded, "overrides", Map.of(rewarded + ".reward", "random")));
    return ended(api, text(started, "id"));
  }

  private Run ended(Api api, String id) throws InterruptedException {
    Run run = new Watch(api, err(), false).follow(id);
    if (run.status() != RunStatus.SUCCEEDED) {
      throw new StackException(
          "Run %s %s, so there is nothing to compare: %s"
              .formatted(id, run.status(), run.failureMessage()));
    }
    return run;
  }

  private static List<Claim> claims(Run run, Run control) {
    try {
      return Learning.claims(run, control);
    } catch (NoSuchElementException missing) {
      throw new UsageException(String.valueOf(missing.getMessage()));
    }
  }

  private static Table table(Map<Integer, List<Claim>> found) {
    Table table =
        new Table("seed", "stage", "expected", ">before", ">after", ">± error", ">n", "seen");
    found.forEach(
        (seed, claims) -> {
          for (Claim claim : claims) {
            table.add(
                seed,
                claim.stage(),
                claim.effect(),
                number(claim.before()),
                number(claim.after()),
                number(claim.noise()),
                claim.samples(),
                claim.holds() ? "yes" : "NO");
          }
        });
    return table;
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.3f", value);
  }
}
