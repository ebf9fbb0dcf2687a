package dev.modelflow.cli;

import picocli.CommandLine.Command;

@Command(
    name = "drain",
    description =
        "Has a worker take no new attempt and stop those that it has, each with a last checkpoint.",
    footer = {"", "Example: modelflow workers drain gpu-1"})
final class DrainCommand extends WorkerAction {
  @Override
  public Integer call() {
    return tell(
        "drain",
        "Worker %s takes no new attempts; those that it has stop, and go on on other workers.");
  }
}
