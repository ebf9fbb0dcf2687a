package dev.modelflow.cli;

import dev.modelflow.cli.client.Api;
import dev.modelflow.cli.view.Table;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** Starts a run that another one is the parent of, or shows what it would do. */
@SuppressWarnings("NullAway.Init") // picocli sets the fields
abstract class Deriving extends Starting {
  @Parameters(
      paramLabel = "RUN",
      description = "The run to go back to: its id, or its first characters.")
  private String run;

  @Option(names = "--preview", description = "Show what would be reused and run; start nothing.")
  private boolean preview;

  /**
   * Asks for the new run and follows it.
   *
   * @param way what the API calls this kind of going back
   * @param start from where in the run
   */
  int derive(String way, Map<String, String> start) throws InterruptedException {
    Map<String, Object> body = new LinkedHashMap<>(start);
    body.put("overrides", overrides());
    Server server = server();
    Api api = server.api();
    String path = Api.path("runs", runId(api, run), way);
    if (preview) {
      show(api.post(path + "/preview", body));
      return 0;
    }
    return start(server, path, body, "");
  }

  private void show(JsonNode plan) {
    if (isJson()) {
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
