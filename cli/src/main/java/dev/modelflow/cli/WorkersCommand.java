package dev.modelflow.cli;

import dev.modelflow.cli.client.Api;
import dev.modelflow.cli.view.WorkerTable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

@Command(
    name = "workers",
    description = "Lists workers, how each stands and what it does.",
    subcommands = {
      CordonCommand.class,
      UncordonCommand.class,
      DrainCommand.class,
      ForgetCommand.class,
    },
    footer = {"", "Example: modelflow workers --json", "Example: modelflow workers drain gpu-1"})
final class WorkersCommand extends Asking {
  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Override
  public Integer call() {
    JsonNode workers = api().get(Api.path("workers"));
    if (json) {
      sayJson(workers);
    } else if (workers.isEmpty()) {
      say("There are no workers.");
    } else {
      new WorkerTable(workers).render().forEach(this::say);
    }
    return 0;
  }
}
