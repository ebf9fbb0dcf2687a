package dev.modelflow.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "watch",
    description = "Shows how a run goes until it is over; Ctrl-C leaves it running.",
    footer = {"", "Example: modelflow watch 01kb3x"})
@SuppressWarnings("NullAway.Init") // picocli sets the field
final class WatchCommand extends Following {
  @Parameters(paramLabel = "RUN", description = "The run's id, or its first characters.")
  private String run;

  @Override
  public Integer call() throws InterruptedException {
    Server server = server();
    return follow(server, runId(server.api(), run));
  }
}
