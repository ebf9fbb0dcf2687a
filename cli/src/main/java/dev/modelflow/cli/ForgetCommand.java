package dev.modelflow.cli;

import picocli.CommandLine.Command;

@Command(
    name = "forget",
    description =
        "Drops a worker that was lost or ended from the lists; what it did stays recorded.",
    footer = {"", "Example: modelflow workers forget gpu-1"})
final class ForgetCommand extends WorkerAction {
  @Override
  public Integer call() {
    return tell("forget", "Worker %s is forgotten.");
  }
}
