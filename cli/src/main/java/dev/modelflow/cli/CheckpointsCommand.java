package dev.modelflow.cli;

import dev.modelflow.cli.client.Api;
import dev.modelflow.cli.view.Numbers;
import dev.modelflow.cli.view.Table;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

@Command(
    name = "checkpoints",
    description = "Lists a run's checkpoints, each of which a branch can start at.",
    footer = {"", "Example: modelflow checkpoints 01kb3x"})
@SuppressWarnings("NullAway.Init") // picocli sets the field
final class CheckpointsCommand extends Asking {
  @Parameters(paramLabel = "RUN", description = "The run's id, or its first characters.")
  private String run;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Override
  public Integer call() {
    Api api = api();
    JsonNode checkpoints = api.get(Api.path("runs", runId(api, run), "checkpoints"));
    if (json) {
      sayJson(checkpoints);
      return 0;
    }
    Table table = new Table("checkpoint", ">tokens", ">size", "", "artifact");
    for (JsonNode each : checkpoints) {
      table.add(
          text(each, "stage") + "@" + each.path("step").asLong(0),
          Numbers.brief(each.path("tokens").asDouble(0)),
          Numbers.bytes(each.path("totalSize").asLong(0)),
          each.path("last").asBoolean(false) ? "result" : "",
          text(each, "artifact"));
    }
    table.render().forEach(this::say);
    return 0;
  }
}
