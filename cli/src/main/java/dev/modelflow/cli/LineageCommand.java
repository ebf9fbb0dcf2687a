package dev.modelflow.cli;

import dev.modelflow.cli.client.Api;
import dev.modelflow.cli.view.Table;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

@Command(
    name = "lineage",
    description = "Lists what an artifact was made from, or what was made from it.",
    footer = {"", "Example: modelflow lineage 3f2a9c --direction descendants"})
@SuppressWarnings("NullAway.Init") // picocli sets the field
final class LineageCommand extends Asking {
  @Parameters(paramLabel = "ARTIFACT", description = "The artifact's id, or its first characters.")
  private String artifact;

  @Option(
      names = "--direction",
      description = "ancestors or descendants (default: ${DEFAULT-VALUE}).")
  private String direction = "ancestors";

  @Option(names = "--depth", description = "Edges to follow at most (default: ${DEFAULT-VALUE}).")
  private int depth = 20;

  @Option(
      names = "--budget",
      description = "Artifacts to show at most (default: ${DEFAULT-VALUE}).")
  private int budget = 200;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Override
  public Integer call() {
    Api api = api();
    JsonNode graph =
        api.get(
            Api.path("artifacts", artifactId(api, artifact), "lineage")
                + "?direction=%s&depth=%d&budget=%d"
                    .formatted(Api.escape(direction), depth, budget));
    if (json) {
      sayJson(graph);
      return 0;
    }
    Table table = new Table(">depth", "kind", "artifact", "stage");
    for (JsonNode node : graph.path("nodes")) {
      table.add(
          node.path("depth").asInt(0), text(node, "kind"), text(node, "id"), text(node, "stage"));
    }
    table.render().forEach(this::say);
    if (graph.path("truncated").asBoolean(false)) {
      say("There is more; ask for a greater --depth or --budget.");
    }
    return 0;
  }
}
