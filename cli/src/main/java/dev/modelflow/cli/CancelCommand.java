package dev.modelflow.cli;

import dev.modelflow.cli.client.Api;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "cancel",
    description = "Stops a run; its trainers write a last checkpoint first.",
    footer = {"", "Example: modelflow cancel 01kb3x"})
@SuppressWarnings("NullAway.Init") // picocli sets the field
final class CancelCommand extends Asking {
  @Parameters(paramLabel = "RUN", description = "The run's id, or its first characters.")
  private String run;

  @Override
  public Integer call() {
    Api api = api();
    String id = runId(api, run);
    api.post(Api.path("runs", id, "cancel"), Map.of());
    say("Run " + id + " is asked to stop.");
    return 0;
  }
}
