package dev.modelflow.cli;

import picocli.CommandLine.Command;

@Command(
    name = "cordon",
    description = "Has a worker take no new attempt; it goes on with those that it has.",
    footer = {"", "Example: modelflow workers cordon gpu-1"})
final class CordonCommand extends WorkerAction {
  @Override
  public Integer call() {
    return tell("cordon", "Worker %s takes no new attempts.");
  }
}
