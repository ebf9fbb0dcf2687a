package dev.modelflow.cli;

import dev.modelflow.cli.client.Api;
import dev.modelflow.cli.stack.StackFile;
import dev.modelflow.cli.view.Table;
import java.io.IOException;
import java.util.Map;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** Starts a run that another one is the parent of, or shows what it would do. */
abstract class Deriving extends Following {
  @Option(names = "--preview", description = "Show what would be reused and run; start nothing.")
  private boolean preview;

  @Option(
      names = {"-d", "--detach"},
      description = "Start the run, print its id, and return.")
  private boolean detach;

  @Option(names = "--json", description = "Print JSON; does not watch the run.")
  private boolean json;

  int derive(String path, Map<String, ?> body) throws IOException, InterruptedException {
    StackFile stack = living();
    Api api = api(stack);
    if (preview) {
      show(api.post(path + "/preview", body));
      return 0;
    }
    JsonNode started = api.post(path, body);
    String id = text(started, "id");
    if (json) {
      sayJson(started);
      return 0;
    }
    if (detach) {
      say(id);
      return 0;
    }
    say("Run " + id + "   " + dashboard(stack) + "runs/" + id);
    return follow(stack, id);
  }

  private void show(JsonNode plan) {
    if (json) {
      sayJson(plan);
      return;
    }
    Table table = new Table("stage", "kind", "what will be done", "");
    for (JsonNode stage : plan.path("stages")) {
      String start = stage.path("startStep").asString("");
      table.add(
          text(stage, "name"),
          text(stage, "kind"),
          text(stage, "action"),
          start.isEmpty() ? text(stage, "reason") : "from step " + start);
    }
    table.render().forEach(this::say);
  }
}
