package dev.modelflow.cli;

import dev.modelflow.cli.client.Api;
import java.util.Map;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** What the commands share that tell a worker something. */
@SuppressWarnings("NullAway.Init") // picocli sets the field
abstract class WorkerAction extends Asking {
  @Parameters(paramLabel = "WORKER", description = "The worker's name.")
  private String worker;

  @Option(names = "--json", description = "Print the worker as JSON.")
  private boolean json;

  /** Tells the worker {@code action}; {@code sentence} has a place for its name. */
  Integer tell(String action, String sentence) {
    JsonNode after = api().post(Api.path("workers", worker, action), Map.of());
    if (json) {
      sayJson(after);
    } else {
      say(sentence.formatted(worker));
    }
    return 0;
  }
}
