package dev.modelflow.cli;

import dev.modelflow.cli.client.Api;
import dev.modelflow.cli.view.Table;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

@Command(
    name = "runs",
    description = "Lists runs, newest first.",
    footer = {"", "Example: modelflow runs --status running"})
final class RunsCommand extends Asking {
  @Option(names = "--status", description = "Only runs that stand so, e.g. running.")
  private @Nullable String status;

  @Option(names = "--limit", description = "At most so many (default: ${DEFAULT-VALUE}).")
  private int limit = 20;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Override
  public Integer call() {
    String query = "?limit=" + limit + (status == null ? "" : "&status=" + Api.escape(status));
    JsonNode page = api().get(Api.path("runs") + query);
    if (json) {
      sayJson(page);
      return 0;
    }
    Table table = new Table("run", "name", "status", ">stages", "created", "from");
    for (JsonNode run : page.path("runs")) {
      table.add(
          text(run, "id"),
          text(run, "name"),
          text(run, "status"),
          run.path("stagesDone").asInt(0) + "/" + run.path("stagesTotal").asInt(0),
          text(run, "createdAt").replaceFirst("\\..*", ""),
          origin(run));
    }
    if (table.isEmpty()) {
      say("There are no runs.");
    } else {
      table.render().forEach(this::say);
    }
    return 0;
  }

  private static String origin(JsonNode run) {
    String parent = text(run, "parentRun");
    if (parent.isEmpty()) {
      return "";
    }
    String stage = text(run, "branchStage");
    return stage.isEmpty()
        ? "rerun of " + parent + " from " + text(run, "rerunFrom")
        : "branch of %s at %s@%s".formatted(parent, stage, run.path("branchStep").asString(""));
  }
}
